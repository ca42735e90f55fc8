// The Java class HostCall's way out of the JVM: one system call as raw as the hardware makes it, and functions of
// libc by their address. Linking the same through java.lang.foreign takes each JVM 40 ms of its start.
#include <dlfcn.h>
#include <jni.h>
#include <stdint.h>

JNIEXPORT jlong JNICALL Java_dev_bulwark_linux_HostCall_call(JNIEnv *env, jclass type, jlong nr, jlong a, jlong b,
                                                             jlong c, jlong d, jlong e, jlong f) {
  (void)env;
  (void)type;
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
