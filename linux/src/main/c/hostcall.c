// The Java class HostCall's way out of the JVM: one system call as raw as the hardware makes it, and functions of
// libc by their address. Linking the same through java.lang.foreign takes each JVM 40 ms of its start.
#include <dlfcn.h>
#include <jni.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static jlong make_call(jlong nr, jlong a, jlong b, jlong c, jlong d, jlong e, jlong f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

JNIEXPORT jlong JNICALL Java_dev_bulwark_linux_HostCall_call(JNIEnv *env, jclass type, jlong nr, jlong a, jlong b,
                                                             jlong c, jlong d, jlong e, jlong f) {
  (void)env;
  (void)type;
  return make_call(nr, a, b, c, d, e, f);
}

// The address of a function of libc, 0 if there is none. The name is a C string at an address.
JNIEXPORT jlong JNICALL Java_dev_bulwark_linux_LibraryFunction_find(JNIEnv *env, jclass type, jlong name) {
  (void)env;
  (void)type;
  return (jlong)(intptr_t)dlsym(RTLD_DEFAULT, (const char *)(intptr_t)name);
}

// Calls a function that takes at most six integers or addresses and returns an int.
JNIEXPORT jint JNICALL Java_dev_bulwark_linux_LibraryFunction_invoke(JNIEnv *env, jclass type, jlong function, jlong a,
                                                                     jlong b, jlong c, jlong d, jlong e, jlong f) {
  (void)env;
  (void)type;
  int (*callee)(long, long, long, long, long, long) = (int (*)(long, long, long, long, long, long))(intptr_t)function;
  return callee(a, b, c, d, e, f);
}

// Where the memory of a direct buffer lies.
JNIEXPORT jlong JNICALL Java_dev_bulwark_linux_NativeMemory_address(JNIEnv *env, jclass type, jobject buffer) {
  (void)type;
  return (jlong)(intptr_t)(*env)->GetDirectBufferAddress(env, buffer);
}

// Puts a seccomp filter (a struct sock_fprog at an address) onto all threads and sends its listener with a message through
// a socket. In between nothing of the JVM runs: a thread of it that makes a forbidden call waits for whoever has the listener,
// and could do so while it holds a lock that everybody else needs. Returns 0 or an errno negated.
JNIEXPORT jlong JNICALL Java_dev_bulwark_linux_CallFilter_install(JNIEnv *env, jclass type, jlong program, jint socket,
                                                                  jlong bytes, jlong length) {
  (void)env;
  (void)type;
  long flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
  jlong listener = make_call(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program, 0, 0, 0);
  if (listener < 0) return listener;
  union {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
  } control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
  *(int *)CMSG_DATA(&control.head) = (int)listener;
  struct iovec vector = {(void *)(intptr_t)bytes, (size_t)length};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  jlong sent = make_call(SYS_sendmsg, socket, (jlong)(intptr_t)&message, MSG_NOSIGNAL, 0, 0, 0);
  make_call(SYS_close, listener, 0, 0, 0, 0, 0);
  return sent < 0 ? sent : 0;
}
