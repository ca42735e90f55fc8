/* What the cases share: each prints what it sees, without anything that differs between two runs. */
#ifndef CASE_H
#define CASE_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <termios.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* The cases pass bad pointers and sizes on purpose. */
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Wnonnull"

/* Prints one line or a part of it with a single write, so that processes do not mix theirs. */
__attribute__((format(printf, 1, 2), unused)) static void say(const char *format, ...) {
  char line[4096];
  int saved = errno;
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (n > (int)sizeof line - 1) n = sizeof line - 1;
  for (int done = 0; done < n;) {
    ssize_t w = write(1, line + done, n - done);
    if (w <= 0) break;
    done += w;
  }
  errno = saved;
}

__attribute__((unused)) static const char *error_name(int error) {
  const char *name = strerrorname_np(error);
  return name ? name : "?";
}

/* Makes a call and prints its text with the result, or with the name of its error. */
#define TRY(call)                                            \
  ({                                                         \
    errno = 0;                                               \
    long result_ = (long)(call);                             \
    if (result_ == -1 && errno != 0)                         \
      say("%s: %s\n", #call, error_name(errno));             \
    else                                                     \
      say("%s: %ld\n", #call, result_);                      \
    result_;                                                 \
  })

/* The same where the result itself, such as an address or a pid, is not to be shown. */
#define OK(call)                                                              \
  ({                                                                          \
    errno = 0;                                                                \
    long result_ = (long)(call);                                              \
    say("%s: %s\n", #call, result_ == -1 ? error_name(errno) : "ok");         \
    result_;                                                                  \
  })

/* Makes a call that has to succeed for the case to mean anything. */
#define MUST(call)                                                            \
  ({                                                                          \
    errno = 0;                                                                \
    long result_ = (long)(call);                                              \
    if (result_ == -1) {                                                      \
      say("line %d: %s: %s\n", __LINE__, #call, error_name(errno));           \
      _exit(99);                                                              \
    }                                                                         \
    result_;                                                                  \
  })

__attribute__((unused)) static char scratch_path[64];
__attribute__((unused)) static pid_t scratch_owner;

__attribute__((unused)) static int scratch_remove(
    const char *path, const struct stat *st, int type, struct FTW *ftw) {
  return remove(path);
}

__attribute__((unused)) static void scratch_clean(void) {
  if (getpid() == scratch_owner) {
    if (chdir("/") == 0) nftw(scratch_path, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
  }
}

/* Makes an empty directory, goes there, and removes it with all in it at the end. */
__attribute__((unused)) static void scratch(void) {
  umask(022);
  strcpy(scratch_path, "/tmp/case.XXXXXX");
  MUST(mkdtemp(scratch_path) ? 0 : -1);
  MUST(chmod(scratch_path, 0755));
  MUST(chdir(scratch_path));
  scratch_owner = getpid();
  atexit(scratch_clean);
}

/* Prints how a child ended or what became of it. */
__attribute__((unused)) static void say_status(const char *what, int status) {
  if (WIFEXITED(status))
    say("%s: exit %d\n", what, WEXITSTATUS(status));
  else if (WIFSIGNALED(status))
    say("%s: killed by SIG%s%s\n", what, sigabbrev_np(WTERMSIG(status)),
        WCOREDUMP(status) ? " with core" : "");
  else if (WIFSTOPPED(status))
    say("%s: stopped by SIG%s\n", what, sigabbrev_np(WSTOPSIG(status)));
  else if (WIFCONTINUED(status))
    say("%s: continued\n", what);
  else
    say("%s: status %#x\n", what, status);
}

/* Waits for a child and prints how it ended. */
__attribute__((unused)) static int reap(const char *what, pid_t pid) {
  int status = 0;
  pid_t r;
  while ((r = waitpid(pid, &status, 0)) == -1 && errno == EINTR) continue;
  if (r == -1)
    say("%s: waitpid: %s\n", what, error_name(errno));
  else
    say_status(what, status);
  return status;
}

/* Runs a function in a child of its own and prints how that ended. */
__attribute__((unused)) static int in_child(const char *what, void (*body)(void)) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    body();
    _exit(0);
  }
  return reap(what, pid);
}

/* Gives all privileges up. */
__attribute__((unused)) static void become(uid_t uid, gid_t gid) {
  MUST(setgroups(0, NULL));
  MUST(setresgid(gid, gid, gid));
  MUST(setresuid(uid, uid, uid));
}

/* Gives up what the root of a container does not have, so that both roots may do the same. */
__attribute__((unused)) static void become_container_root(void) {
  unsigned kept = 0xa80425fb;
  for (int i = 0; i <= CAP_LAST_CAP; i++)
    if (i >= 32 || !(kept >> i & 1)) prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{kept, kept, 0}, {0, 0, 0}};
  MUST(syscall(SYS_capset, &header, data));
}

/* Waits a while; never what a case's result depends on. */
__attribute__((unused)) static void pause_ms(long ms) {
  struct timespec t = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&t, &t) == -1 && errno == EINTR) continue;
}

/* Waits until a process sleeps in the kernel, as /proc shows it, for at most two seconds. */
__attribute__((unused)) static void until_asleep(pid_t pid) {
  for (int i = 0; i < 400; i++) {
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY);
    if (fd >= 0) {
      ssize_t n = read(fd, text, sizeof text - 1);
      close(fd);
      char *end = n > 0 ? strrchr(text, ')') : NULL;
      if (end && end[1] && (end[2] == 'S' || end[2] == 'T')) return;
    }
    pause_ms(5);
  }
}

__attribute__((unused)) static int write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (fd < 0) return -1;
  ssize_t n = write(fd, text, strlen(text));
  close(fd);
  return n == (ssize_t)strlen(text) ? 0 : -1;
}

__attribute__((unused)) static int install(int signal, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  return sigaction(signal, &action, NULL);
}

__attribute__((unused)) static int install_info(
    int signal, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO};
  return sigaction(signal, &action, NULL);
}

/* An address at which nothing is ever mapped. */
#define BAD ((void *)8)

#endif
