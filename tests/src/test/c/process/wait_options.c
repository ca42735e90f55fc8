/* wait4 and waitid: what they select, WNOHANG, WNOWAIT, errors. */
#include "case.h"

int main(void) {
  int ends[2], status = 0;
  MUST(pipe(ends));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    char c;
    close(ends[1]);
    read(ends[0], &c, 1);
    _exit(9);
  }
  TRY(waitpid(pid, &status, WNOHANG));
  TRY(waitpid(pid, &status, 0x100));
  TRY(waitpid(-getpgrp() - 100000, &status, 0));
  siginfo_t info;
  memset(&info, 0xff, sizeof info);
  TRY(waitid(P_PID, pid, &info, WEXITED | WNOHANG));
  say("nothing: signo %d pid %d\n", info.si_signo, info.si_pid);
  TRY(waitid(P_PID, pid, &info, 0));
  TRY(waitid(P_PID, 0, &info, WEXITED));
  TRY(waitid(77, pid, &info, WEXITED));
  close(ends[1]);
  TRY(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
  say("signo %d code %d status %d pid %d uid %d\n", info.si_signo, info.si_code, info.si_status,
      info.si_pid == pid, info.si_uid);
  TRY(waitid(P_PGID, 0, &info, WEXITED | WNOWAIT));
  say("waited twice: %d\n", info.si_pid == pid);
  struct rusage usage;
  memset(&usage, 0xff, sizeof usage);
  say("wait4: %d\n", wait4(-1, &status, 0, &usage) == pid);
  say_status("child", status);
  say("usage filled: %d\n", usage.ru_utime.tv_sec >= 0 && usage.ru_utime.tv_sec < 100);
  TRY(waitid(P_ALL, 0, &info, WEXITED | WNOHANG));
  TRY(waitpid(-1, NULL, WNOHANG));
  TRY(waitpid(INT_MIN, NULL, WNOHANG));
  return 0;
}
