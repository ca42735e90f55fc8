/* A pseudo-terminal: echo, line editing, raw mode, hang-up. */
#include "case.h"

static int master, slave;

static void show(const char *what, int fd) {
  char text[128], out[512] = "";
  pause_ms(20);
  ssize_t n = read(fd, text, sizeof text);
  if (n < 0) {
    say("%s: %s\n", what, error_name(errno));
    return;
  }
  for (ssize_t i = 0; i < n; i++) {
    char c[8];
    snprintf(c, sizeof c, text[i] >= 32 && text[i] < 127 ? "%c" : "<%d>", text[i]);
    strcat(out, c);
  }
  say("%s: %s\n", what, out);
}

int main(void) {
  master = MUST(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK));
  MUST(grantpt(master));
  MUST(unlockpt(master));
  slave = MUST(open(ptsname(master), O_RDWR | O_NOCTTY | O_NONBLOCK));
  say("terminal %d\n", isatty(slave));
  MUST(write(master, "hello\n", 6));
  show("echo", master);
  show("line", slave);
  MUST(write(master, "wrong\025ab\177c\n", 11));
  show("echo of editing", master);
  show("edited", slave);
  MUST(write(master, "part", 4));
  show("incomplete line", slave);
  MUST(write(master, "\004", 1));
  show("after ^D", slave);
  MUST(write(slave, "out\n", 4));
  show("output", master);
  struct termios t;
  TRY(tcgetattr(slave, &t));
  say("flags %#x %#x %#x\n", t.c_iflag, t.c_oflag, t.c_lflag);
  cfmakeraw(&t);
  TRY(tcsetattr(slave, TCSANOW, &t));
  MUST(read(master, (char[64]){0}, 64) < 0 ? 0 : 0);
  MUST(write(master, "raw\n\003", 5));
  show("raw", slave);
  struct winsize w = {24, 80, 1, 2}, got;
  TRY(ioctl(master, TIOCSWINSZ, &w));
  TRY(ioctl(slave, TIOCGWINSZ, &got));
  say("%d x %d\n", got.ws_row, got.ws_col);
  int n;
  MUST(write(master, "abc", 3));
  pause_ms(20);
  TRY(ioctl(slave, FIONREAD, &n));
  say("%d\n", n);
  TRY(tcflush(slave, TCIFLUSH));
  show("flushed", slave);
  TRY(ioctl(slave, TIOCGPGRP, &n));
  close(slave);
  show("slave gone", master);
  return 0;
}
