/* SECCOMP_FILTER_FLAG_TSYNC gives all threads the same filters, or none when one has others. */
#include "filters.h"

static pthread_barrier_t barrier;

static void meet(void) { pthread_barrier_wait(&barrier); }

static void *plain(void *unused) {
  meet();
  meet();
  OK(syscall(SYS_getppid));
  say_status_lines("other");
  return unused;
}

static void *stubborn(void *unused) {
  no_new_privileges();
  MUST(answer(SYS_getpgid, SECCOMP_RET_ERRNO | EXDEV, 0));
  meet();
  meet();
  say_status_lines("stubborn");
  return unused;
}


static void with(void *(*other)(void *), unsigned flags) {
  pthread_t thread;
  pthread_barrier_init(&barrier, NULL, 2);
  MUST(pthread_create(&thread, NULL, other, NULL) ? -1 : 0);
  meet();
  no_new_privileges();
  errno = 0;
  long r = answer(SYS_getppid, SECCOMP_RET_ERRNO | EDOM, flags);
  say("%s %s\n", r > 1 ? "a thread" : r == 0 ? "0" : "-1", r < 0 ? error_name(errno) : "");
  meet();
  pthread_join(thread, NULL);
  say_status_lines("first");
}

static void simple(void) { with(plain, SECCOMP_FILTER_FLAG_TSYNC); }
static void refused(void) { with(stubborn, SECCOMP_FILTER_FLAG_TSYNC); }
static void refused_esrch(void) { with(stubborn, SECCOMP_FILTER_FLAG_TSYNC | 0x10); }
static void not_asked(void) { with(plain, 0); }

static void after_common(void) {
  no_new_privileges();
  MUST(answer(SYS_getpgid, SECCOMP_RET_ERRNO | EXDEV, 0));
  with(plain, SECCOMP_FILTER_FLAG_TSYNC);
}

int main(void) {
  in_child("simple", simple);
  in_child("refused", refused);
  in_child("refused with ESRCH", refused_esrch);
  in_child("not asked", not_asked);
  in_child("after common", after_common);
  return 0;
}
