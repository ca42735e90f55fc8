/* process_vm_readv and writev reach a child's memory. */
#include "case.h"

static char text[32] = "before";

int main(void) {
  int ends[2], done[2];
  MUST(pipe(ends));
  MUST(pipe(done));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    char c;
    strcpy(text, "child's");
    write(done[1], "x", 1);
    read(ends[0], &c, 1);
    say("child has %s\n", text);
    _exit(0);
  }
  char c, copy[32] = "";
  read(done[0], &c, 1);
  struct iovec mine = {copy, sizeof copy}, its = {text, sizeof text};
  TRY(process_vm_readv(pid, &mine, 1, &its, 1, 0));
  say("%s\n", copy);
  strcpy(copy, "parent's");
  TRY(process_vm_writev(pid, &mine, 1, &its, 1, 0));
  struct iovec hole = {BAD, 8};
  TRY(process_vm_readv(pid, &mine, 1, &hole, 1, 0));
  TRY(process_vm_readv(pid, &mine, 1, &its, 1, 1));
  TRY(process_vm_readv(99999999, &mine, 1, &its, 1, 0));
  write(ends[1], "x", 1);
  reap("child", pid);
  return 0;
}
