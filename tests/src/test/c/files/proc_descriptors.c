/* /proc/self/fd and fdinfo. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("f", "hello"));
  int fd = MUST(open("f", O_RDONLY));
  MUST(lseek(fd, 3, SEEK_SET));
  char path[64], text[256] = "";
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  MUST(readlink(path, text, 255));
  say("%s\n", text + strlen(scratch_path));
  int again = MUST(open(path, O_RDWR));
  TRY(lseek(again, 0, SEEK_CUR));
  TRY(write(again, "J", 1));
  char c;
  MUST(pread(fd, &c, 1, 0));
  say("%c\n", c);
  MUST(unlink("f"));
  memset(text, 0, sizeof text);
  MUST(readlink(path, text, 255));
  say("%s\n", text + strlen(scratch_path));
  again = MUST(open(path, O_RDONLY));
  TRY(read(again, &c, 1));
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
  int info = MUST(open(path, O_RDONLY));
  memset(text, 0, sizeof text);
  MUST(read(info, text, 255));
  say("position 3: %d\n", strstr(text, "pos:\t3\n") != NULL);
  int ends[2];
  MUST(pipe(ends));
  snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
  memset(text, 0, sizeof text);
  MUST(readlink(path, text, 255));
  say("%.6s\n", text);
  TRY(readlink("/proc/self/fd/9999", text, 255));
  return 0;
}
