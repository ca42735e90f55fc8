/* splice, tee and vmsplice. */
#include "case.h"

int main(void) {
  scratch();
  int a[2], b[2], fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(pipe2(a, O_NONBLOCK));
  MUST(pipe2(b, O_NONBLOCK));
  MUST(write(fd, "0123456789", 10));
  loff_t at = 2;
  TRY(splice(fd, &at, a[1], NULL, 5, 0));
  say("%ld\n", (long)at);
  TRY(tee(a[0], b[1], 100, 0));
  char text[32] = "";
  TRY(read(b[0], text, 31));
  say("%s\n", text);
  TRY(splice(a[0], NULL, b[1], NULL, 3, 0));
  at = 20;
  TRY(splice(b[0], NULL, fd, &at, 100, 0));
  say("%ld\n", (long)at);
  struct iovec v = {"user", 4};
  TRY(vmsplice(a[1], &v, 1, 0));
  memset(text, 0, 32);
  TRY(read(a[0], text, 31));
  say("%s\n", text);
  TRY(splice(a[0], NULL, b[1], NULL, 3, 0));
  TRY(splice(fd, NULL, fd, NULL, 3, 0));
  TRY(splice(a[0], &at, b[1], NULL, 3, 0));
  TRY(splice(a[0], NULL, b[1], NULL, 3, 0x80));
  TRY(splice(a[0], NULL, a[1], NULL, 3, 0));
  TRY(tee(fd, b[1], 3, 0));
  TRY(splice(99, NULL, b[1], NULL, 3, 0));
  TRY(splice(a[0], NULL, b[1], NULL, 0, 0));
  int append = MUST(open("f", O_WRONLY | O_APPEND));
  MUST(write(a[1], "x", 1));
  TRY(splice(a[0], NULL, append, NULL, 1, 0));
  return 0;
}
