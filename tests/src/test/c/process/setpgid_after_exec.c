/* A child that has executed a program cannot be moved any more. */
#include "case.h"

int main(void) {
  int in[2], out[2];
  MUST(pipe(in));
  MUST(pipe(out));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    dup2(in[0], 0);
    dup2(out[1], 2);
    close(in[1]);
    execl("/bin/sh", "sh", "-c", "echo x >&2; read x", (char *)NULL);
    _exit(1);
  }
  char c;
  MUST(read(out[0], &c, 1));
  TRY(setpgid(pid, pid));
  close(in[1]);
  reap("child", pid);
  return 0;
}
