/* poll: states of pipes, files and bad descriptors. */
#include "case.h"

static void show(const char *what, int fd, short events) {
  struct pollfd p = {fd, events, 0};
  int r = poll(&p, 1, 0);
  say("%s: %d %#x\n", what, r, p.revents);
}

int main(void) {
  scratch();
  int ends[2];
  MUST(pipe(ends));
  short both = POLLIN | POLLOUT;
  show("empty, reader", ends[0], both);
  show("empty, writer", ends[1], both);
  MUST(write(ends[1], "x", 1));
  show("full, reader", ends[0], both);
  show("nothing asked", ends[0], 0);
  close(ends[1]);
  show("no writer, data", ends[0], both);
  char c;
  MUST(read(ends[0], &c, 1));
  show("no writer", ends[0], both);
  MUST(pipe(ends));
  close(ends[0]);
  show("no reader", ends[1], both);
  show("bad", 99, both);
  show("negative", -1, both);
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  show("file", fd, both | POLLPRI | POLLRDNORM | POLLWRNORM);
  show("directory", MUST(open(".", O_RDONLY)), both);
  struct pollfd p[2] = {{fd, POLLIN, 0}, {99, POLLIN, 0}};
  TRY(poll(p, 2, -1));
  TRY(poll(NULL, 0, 10));
  TRY(poll(BAD, 1, 0));
  TRY(poll(p, 2000000000, 0));
  struct timespec bad = {0, -1};
  TRY(ppoll(p, 1, &bad, NULL));
  return 0;
}
