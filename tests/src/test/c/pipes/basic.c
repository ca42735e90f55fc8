/* Pipes: capacity, atomic writes, end of file, EPIPE. */
#include "case.h"

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int p[2];
  MUST(pipe2(p, O_NONBLOCK));
  TRY(fcntl(p[1], F_GETPIPE_SZ));
  static char big[100000];
  TRY(write(p[1], big, sizeof big));
  TRY(write(p[1], big, 1));
  TRY(read(p[0], big, 4096));
  TRY(write(p[1], big, 4096));
  TRY(write(p[1], big, 10));
  TRY(read(p[0], big, 100));
  TRY(write(p[1], big, 4096));
  TRY(fcntl(p[1], F_SETPIPE_SZ, 4096));
  int available;
  TRY(ioctl(p[0], FIONREAD, &available));
  say("%d\n", available);
  TRY(read(p[0], big, sizeof big));
  TRY(fcntl(p[1], F_SETPIPE_SZ, 5000));
  TRY(fcntl(p[1], F_SETPIPE_SZ, 1 << 30));
  TRY(read(p[0], big, 1));
  TRY(close(p[1]));
  TRY(read(p[0], big, 1));
  MUST(pipe(p));
  TRY(close(p[0]));
  TRY(write(p[1], big, 1));
  TRY(pipe2(p, 0x4));
  TRY(syscall(SYS_pipe, BAD));
  struct stat st;
  MUST(fstat(p[1], &st));
  say("%o\n", st.st_mode & S_IFMT);
  return 0;
}
