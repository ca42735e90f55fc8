/* Resource limits: encoding, who may raise them, inheritance. */
#include "case.h"

static void show(const char *what, int resource) {
  struct rlimit l;
  MUST(getrlimit(resource, &l));
  say("%s: %ld %ld\n", what, (long)l.rlim_cur, (long)l.rlim_max);
}

static void child(void) {
  show("inherited", RLIMIT_FSIZE);
  become(1234, 1234);
  struct rlimit l = {100000, 2000000};
  TRY(setrlimit(RLIMIT_FSIZE, &l));
  l.rlim_max = 500000;
  TRY(setrlimit(RLIMIT_FSIZE, &l));
  l.rlim_cur = 500001;
  TRY(setrlimit(RLIMIT_FSIZE, &l));
  TRY(syscall(SYS_prlimit64, getppid(), RLIMIT_FSIZE, NULL, &l));
  l.rlim_cur = l.rlim_max = (2 << 20);
  TRY(setrlimit(RLIMIT_NOFILE, &l));
}

int main(void) {
  struct rlimit l = {500000, 1000000};
  TRY(setrlimit(RLIMIT_FSIZE, &l));
  show("set", RLIMIT_FSIZE);
  in_child("child", child);
  struct rlimit old;
  TRY(syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, NULL, &old));
  say("%ld %ld\n", (long)old.rlim_cur, (long)old.rlim_max);
  TRY(syscall(SYS_prlimit64, 9999999, RLIMIT_FSIZE, NULL, &old));
  TRY(getrlimit(99, &l));
  TRY(setrlimit(99, BAD));
  TRY(getrlimit(RLIMIT_CPU, BAD));
  l.rlim_cur = RLIM_INFINITY;
  l.rlim_max = 10;
  TRY(setrlimit(RLIMIT_CORE, &l));
  return 0;
}
