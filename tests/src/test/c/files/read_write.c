/* Positions: read, write, pread, pwrite, lseek, O_APPEND. */
#include "case.h"

int main(void) {
  scratch();
  char text[64] = "";
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  TRY(write(fd, "hello", 5));
  TRY(read(fd, text, 10));
  TRY(lseek(fd, 1, SEEK_SET));
  TRY(read(fd, text, 3));
  say("%s\n", text);
  TRY(pread(fd, text, 2, 3));
  TRY(pread(fd, text, 2, 100));
  TRY(pread(fd, text, 2, -1));
  TRY(lseek(fd, 0, SEEK_CUR));
  TRY(lseek(fd, -10, SEEK_CUR));
  TRY(lseek(fd, 10, SEEK_END));
  TRY(write(fd, "far", 3));
  TRY(lseek(fd, 0, SEEK_END));
  TRY(lseek(fd, 0, 9));
  TRY(write(fd, "x", 0));
  TRY(read(fd, BAD, 0));
  TRY(lseek(fd, 0, SEEK_SET));
  TRY(read(fd, BAD, 5));
  TRY(write(fd, BAD, 5));
  int a = MUST(open("f", O_RDWR | O_APPEND));
  TRY(write(a, "end", 3));
  TRY(lseek(a, 0, SEEK_CUR));
  TRY(pwrite(a, "END", 3, 0));
  TRY(lseek(a, 0, SEEK_END));
  TRY(fcntl(fd, F_SETFL, O_APPEND));
  TRY(write(fd, "!", 1));
  TRY(lseek(fd, 0, SEEK_CUR));
  int copy = dup(fd);
  TRY(lseek(copy, 2, SEEK_SET));
  TRY(lseek(fd, 0, SEEK_CUR));
  int ends[2];
  MUST(pipe(ends));
  TRY(lseek(ends[0], 0, SEEK_SET));
  TRY(pread(ends[0], text, 1, 0));
  TRY(read(-1, text, 1));
  TRY(close(99));
  return 0;
}
