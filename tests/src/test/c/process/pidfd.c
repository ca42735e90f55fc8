/* Descriptors of processes. */
#include "case.h"

int main(void) {
  int ends[2];
  MUST(pipe(ends));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    for (;;) pause();
  }
  int fd = MUST(syscall(SYS_pidfd_open, pid, 0));
  TRY(fcntl(fd, F_GETFD));
  TRY(syscall(SYS_pidfd_open, pid, 1));
  TRY(syscall(SYS_pidfd_open, -1, 0));
  TRY(syscall(SYS_pidfd_open, 0x7ffffff, 0));
  struct pollfd p = {fd, POLLIN, 0};
  TRY(poll(&p, 1, 0));
  TRY(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
  TRY(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0x80));
  TRY(syscall(SYS_pidfd_send_signal, ends[0], 0, NULL, 0));
  siginfo_t info;
  TRY(waitid(P_PIDFD, fd, &info, WEXITED | WNOHANG));
  TRY(syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0));
  TRY(poll(&p, 1, 5000));
  TRY(waitid(P_PIDFD, fd, &info, WEXITED));
  say("code %d status %d\n", info.si_code, info.si_status);
  char c;
  TRY(read(fd, &c, 1));
  return 0;
}
