/* RWF_APPEND: one write at the end, wherever the position is. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("f", "0123456789"));
  int fd = MUST(open("f", O_RDWR));
  struct iovec v = {"ab", 2};
  TRY(pwritev2(fd, &v, 1, 3, RWF_APPEND));
  say("position %ld\n", (long)lseek(fd, 0, SEEK_CUR));
  TRY(pwritev2(fd, &v, 1, -1, RWF_APPEND));
  say("position %ld\n", (long)lseek(fd, 0, SEEK_CUR));
  TRY(pwritev2(fd, &v, 1, 0, 0));
  char text[64] = "";
  TRY(pread(fd, text, 63, 0));
  say("%s\n", text);
  TRY(pwritev2(fd, &v, 1, 0, 0x40000000));
  TRY(preadv2(fd, &v, 1, 0, RWF_APPEND));
  int ends[2];
  MUST(pipe(ends));
  TRY(pwritev2(ends[1], &v, 1, -1, RWF_APPEND));
  struct rlimit l = {15, 15};
  signal(SIGXFSZ, SIG_IGN);
  MUST(setrlimit(RLIMIT_FSIZE, &l));
  TRY(pwritev2(fd, &v, 1, 0, RWF_APPEND));
  TRY(pwritev2(fd, &v, 1, 0, RWF_APPEND));
  return 0;
}
