/* Signals to a thread stay with it, signals to the process go to one that has them unblocked. */
#include "case.h"

static __thread int number;
static volatile int main_got, other_got;
static int ends[2];

static void on(int signal) { if (number == 1) other_got++; else main_got++; }

static void *run(void *tid) {
  number = 1;
  *(pid_t *)tid = gettid();
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
  write(ends[1], "x", 1);
  while (other_got < 2) usleep(1000);
  return NULL;
}

int main(void) {
  MUST(pipe(ends));
  install(SIGUSR1, on, 0);
  sigset_t one, pending;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  MUST(sigprocmask(SIG_BLOCK, &one, NULL));
  pid_t tid = 0;
  pthread_t t;
  pthread_create(&t, NULL, run, &tid);
  char c;
  MUST(read(ends[0], &c, 1));
  MUST(kill(getpid(), SIGUSR1));
  while (other_got < 1) usleep(1000);
  MUST(syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1));
  sigpending(&pending);
  say("waits for the first thread: %d\n", sigismember(&pending, SIGUSR1));
  MUST(syscall(SYS_tgkill, getpid(), tid, SIGUSR1));
  pthread_join(t, NULL);
  say("other %d, first %d\n", other_got, main_got);
  MUST(sigprocmask(SIG_UNBLOCK, &one, NULL));
  say("first now %d\n", main_got);
  return 0;
}
