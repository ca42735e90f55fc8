/* waitpid, flock and fcntl locks under SA_RESTART and without. */
#include "case.h"

static volatile int handled;

static void on(int signal) { handled++; }

static void try_wait(const char *what) {
  pid_t parent = getpid(), pid = MUST(fork());
  if (pid == 0) {
    until_asleep(parent);
    kill(parent, SIGUSR1);
    pause_ms(50);
    _exit(7);
  }
  handled = 0;
  int status = 0, r = waitpid(pid, &status, 0);
  say("%s: %s, handled %d\n", what, r == -1 ? error_name(errno) : "ok", handled);
  if (r == -1) while (waitpid(pid, &status, 0) == -1) continue;
}

int main(void) {
  install(SIGUSR1, on, SA_RESTART);
  try_wait("waitpid, restart");
  install(SIGUSR1, on, 0);
  try_wait("waitpid");
  scratch();
  int ends[2], gone[2];
  MUST(pipe(ends));
  MUST(pipe(gone));
  pid_t parent = getpid(), pid = MUST(fork());
  if (pid == 0) {
    int fd = open("lock", O_RDWR | O_CREAT, 0644);
    flock(fd, LOCK_EX);
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    fcntl(fd, F_SETLK, &l);
    write(ends[1], "x", 1);
    until_asleep(parent);
    kill(parent, SIGUSR1);
    char c;
    read(gone[0], &c, 1);
    until_asleep(parent);
    kill(parent, SIGUSR1);
    read(gone[0], &c, 1);
    _exit(0);
  }
  char c;
  MUST(read(ends[0], &c, 1));
  int fd = MUST(open("lock", O_RDWR | O_CREAT, 0644));
  TRY(flock(fd, LOCK_EX));
  MUST(write(gone[1], "x", 1));
  struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  TRY(fcntl(fd, F_SETLKW, &l));
  MUST(write(gone[1], "x", 1));
  reap("holder", pid);
  return 0;
}
