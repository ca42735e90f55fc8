/* FIFOs: opening waits for the other end. */
#include "case.h"

int main(void) {
  scratch();
  MUST(mkfifo("f", 0600));
  TRY(mkfifo("f", 0600));
  TRY(open("f", O_WRONLY | O_NONBLOCK));
  int r = MUST(open("f", O_RDONLY | O_NONBLOCK));
  char text[16] = "";
  TRY(read(r, text, 5));
  int w = MUST(open("f", O_WRONLY | O_NONBLOCK));
  TRY(read(r, text, 5));
  TRY(write(w, "hello", 5));
  TRY(read(r, text, 16));
  say("%s\n", text);
  close(w);
  TRY(read(r, text, 5));
  close(r);
  int both = MUST(open("f", O_RDWR));
  TRY(write(both, "x", 1));
  TRY(read(both, text, 1));
  close(both);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    int fd = open("f", O_WRONLY);
    say("opened %d\n", fd >= 0);
    write(fd, "from the child", 14);
    _exit(0);
  }
  until_asleep(pid);
  r = MUST(open("f", O_RDONLY));
  memset(text, 0, 16);
  TRY(read(r, text, 15));
  say("%s\n", text);
  reap("child", pid);
  return 0;
}
