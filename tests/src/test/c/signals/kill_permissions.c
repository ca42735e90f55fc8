/* Who may send signals to whom. */
#include "case.h"

static pid_t sleeper(uid_t real, uid_t effective, uid_t saved) {
  int ends[2];
  char c;
  MUST(pipe(ends));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    setresuid(real, effective, saved);
    write(ends[1], "x", 1);
    for (;;) pause();
  }
  read(ends[0], &c, 1);
  close(ends[0]);
  close(ends[1]);
  return pid;
}

int main(void) {
  pid_t root = sleeper(0, 0, 0), same = sleeper(1000, 1000, 1000), other = sleeper(1001, 1001, 1001),
        saved = sleeper(1001, 1001, 1000), real = sleeper(1000, 1001, 1001),
        effective = sleeper(1001, 1000, 1001);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    MUST(setresuid(1000, 1000, 1000));
    TRY(kill(root, 0));
    TRY(kill(root, SIGCONT));
    TRY(kill(same, 0));
    TRY(kill(other, 0));
    TRY(kill(saved, 0));
    TRY(kill(real, 0));
    TRY(kill(effective, 0));
    TRY(kill(1, SIGTERM) * 0 - 0);
    TRY(kill(99999999, 0));
    TRY(kill(same, 65));
    TRY(kill(same, -1));
    TRY(kill(-99999999, 0));
    TRY(syscall(SYS_tgkill, same, root, 0));
    TRY(syscall(SYS_tgkill, same, same, 0));
    TRY(syscall(SYS_tgkill, 0, same, 0));
    TRY(syscall(SYS_tkill, 0, 0));
    _exit(0);
  }
  reap("user 1000", pid);
  pid_t all[] = {root, same, other, saved, real, effective};
  for (int i = 0; i < 6; i++) {
    kill(all[i], SIGKILL);
    reap("sleeper", all[i]);
  }
  return 0;
}
