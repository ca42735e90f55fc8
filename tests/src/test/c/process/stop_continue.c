/* Stopping and continuing, as the parent sees it by waiting. */
#include "case.h"

int main(void) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    setpgid(0, 0);
    for (;;) pause();
  }
  int status;
  setpgid(pid, pid);
  MUST(kill(pid, SIGSTOP));
  TRY(waitpid(pid, &status, WUNTRACED) == pid);
  say_status("child", status);
  TRY(waitpid(pid, &status, WUNTRACED | WNOHANG));
  MUST(kill(pid, SIGCONT));
  TRY(waitpid(pid, &status, WCONTINUED) == pid);
  say_status("child", status);
  MUST(kill(pid, SIGTSTP));
  siginfo_t info;
  TRY(waitid(P_PID, pid, &info, WSTOPPED));
  say("waitid: code %d status %d\n", info.si_code, info.si_status);
  MUST(kill(pid, SIGTERM));
  pause_ms(20);
  TRY(waitpid(pid, &status, WNOHANG | WUNTRACED));
  MUST(kill(pid, SIGCONT));
  reap("child", pid);
  return 0;
}
