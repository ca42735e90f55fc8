/* Holes: SEEK_DATA and SEEK_HOLE, truncation, fallocate. */
#include "case.h"

static int fd;

static void show(void) {
  struct stat st;
  fstat(fd, &st);
  say("  size %ld: data %ld hole %ld\n", (long)st.st_size, (long)lseek(fd, 0, SEEK_DATA), (long)lseek(fd, 0, SEEK_HOLE));
}

int main(void) {
  scratch();
  fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  TRY(lseek(fd, 0, SEEK_DATA));
  TRY(lseek(fd, 0, SEEK_HOLE));
  MUST(ftruncate(fd, 1 << 20));
  MUST(pwrite(fd, "x", 1, 512 << 10));
  show();
  TRY(lseek(fd, 600 << 10, SEEK_DATA));
  TRY(lseek(fd, 512 << 10, SEEK_HOLE));
  TRY(lseek(fd, 2 << 20, SEEK_HOLE));
  TRY(lseek(fd, -1, SEEK_DATA));
  TRY(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 512 << 10, 4096));
  TRY(lseek(fd, 0, SEEK_DATA));
  TRY(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 4096));
  TRY(fallocate(fd, 0, 0, 0));
  TRY(fallocate(fd, 0, -1, 10));
  TRY(fallocate(fd, 0, 0, 2 << 20));
  TRY(lseek(fd, 0, SEEK_END));
  TRY(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 3 << 20));
  TRY(lseek(fd, 0, SEEK_END));
  char c = 'q';
  MUST(pwrite(fd, "abc", 3, 0));
  MUST(ftruncate(fd, 1));
  MUST(ftruncate(fd, 3));
  MUST(pread(fd, &c, 1, 1));
  say("cut and grown: %d\n", c);
  TRY(ftruncate(fd, -1));
  TRY(truncate("missing", 0));
  TRY(truncate(".", 0));
  int ends[2];
  MUST(pipe(ends));
  TRY(ftruncate(ends[1], 0));
  TRY(fallocate(ends[1], 0, 0, 1));
  return 0;
}
