/* Stopping and continuing, as the parent sees it by waiting and by SIGCHLD. */
#include "case.h"

static volatile int codes[16], count;

static void on_child(int signal, siginfo_t *info, void *context) {
  codes[count++] = info->si_code * 1000 + info->si_status;
}

int main(void) {
  install_info(SIGCHLD, on_child, SA_RESTART);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    for (;;) pause();
  }
  int status;
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
  for (int i = 0; i < count; i++) say("SIGCHLD %d\n", codes[i]);
  return 0;
}
