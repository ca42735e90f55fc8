/* Which blocking calls go on after a handler with SA_RESTART, and which do not. */
#include "case.h"

static volatile int handled;
static int ends[2];

static void on(int signal) { handled++; }

static void kick(pid_t pid) {
  until_asleep(pid);
  kill(pid, SIGUSR1);
}

static pid_t helper(int then_write) {
  pid_t parent = getpid(), pid = MUST(fork());
  if (pid == 0) {
    kick(parent);
    if (then_write) {
      until_asleep(parent);
      pause_ms(20);
      write(ends[1], "x", 1);
    }
    _exit(0);
  }
  return pid;
}

#define ATTEMPT(what, then_write, call)                                         \
  do {                                                                          \
    handled = 0;                                                                \
    pid_t pid_ = helper(then_write);                                            \
    errno = 0;                                                                  \
    long r_ = (long)(call);                                                     \
    say("%s: %s, handled %d\n", what, r_ == -1 ? error_name(errno) : "ok", handled); \
    while (waitpid(pid_, NULL, 0) == -1 && errno == EINTR) continue;            \
  } while (0)

int main(void) {
  MUST(pipe(ends));
  char c;
  struct timespec t = {5, 0};
  struct timeval tv = {5, 0};
  struct pollfd p = {ends[0], POLLIN, 0};
  sigset_t none;
  sigemptyset(&none);
  fd_set set;
  FD_ZERO(&set);
  int e = MUST(epoll_create1(0));
  struct epoll_event event;
  install(SIGUSR1, on, SA_RESTART);
  ATTEMPT("read, restart", 1, read(ends[0], &c, 1));
  install(SIGUSR1, on, 0);
  ATTEMPT("read", 0, read(ends[0], &c, 1));
  install(SIGUSR1, on, SA_RESTART);
  ATTEMPT("poll, restart", 0, poll(&p, 1, 5000));
  ATTEMPT("select, restart", 0, select(0, &set, NULL, NULL, &tv));
  ATTEMPT("epoll_wait, restart", 0, epoll_wait(e, &event, 1, 5000));
  ATTEMPT("nanosleep, restart", 0, nanosleep(&t, NULL));
  ATTEMPT("clock_nanosleep, restart", 0, (errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL), -1));
  ATTEMPT("pause, restart", 0, pause());
  ATTEMPT("sigsuspend, restart", 0, sigsuspend(&none));
  ATTEMPT("ppoll, restart", 0, ppoll(&p, 1, &t, NULL));
  int word = 0;
  ATTEMPT("futex with a timeout, restart", 0, syscall(SYS_futex, &word, FUTEX_WAIT, 0, &t, NULL, 0));
  sigset_t usr2;
  sigemptyset(&usr2);
  sigaddset(&usr2, SIGUSR2);
  ATTEMPT("sigtimedwait, restart", 0, sigtimedwait(&usr2, NULL, &t));
  return 0;
}
