/* What a descriptor's access mode allows. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("file", "text"));
  char c;
  int r = MUST(open("file", O_RDONLY)), w = MUST(open("file", O_WRONLY)), p = MUST(open("file", O_PATH));
  int three = MUST(open("file", 3));
  TRY(read(r, &c, 1));
  TRY(write(r, "x", 1));
  TRY(read(w, &c, 1));
  TRY(write(w, "x", 1));
  TRY(read(p, &c, 1));
  TRY(fchmod(p, 0600));
  TRY(ftruncate(r, 0));
  TRY(ftruncate(p, 0));
  TRY(fallocate(r, 0, 0, 1));
  TRY(ioctl(p, FIONREAD, &c));
  TRY(lseek(p, 0, SEEK_SET));
  TRY(fcntl(p, F_GETFL) == (O_PATH | 0100000) || fcntl(p, F_GETFL) == O_PATH);
  TRY(fcntl(r, F_GETFL) & O_ACCMODE);
  TRY(fcntl(w, F_GETFL) & O_ACCMODE);
  TRY(read(three, &c, 1));
  TRY(write(three, "x", 1));
  struct stat st;
  TRY(fstat(p, &st));
  TRY(pread(w, &c, 1, 0));
  TRY(fsync(p));
  TRY(fchdir(p));
  return 0;
}
