/* A file that is open lives on without a name. */
#include "case.h"

int main(void) {
  scratch();
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(write(fd, "old", 3));
  MUST(unlink("f"));
  MUST(write_file("f", "new"));
  char text[8] = "";
  MUST(pread(fd, text, 3, 0));
  struct stat a, b;
  MUST(fstat(fd, &a));
  MUST(stat("f", &b));
  say("%s, links %ld, other inode %d\n", text, (long)a.st_nlink, a.st_ino != b.st_ino);
  MUST(write(fd, "er", 2));
  MUST(rename("f", "g"));
  int g = MUST(open("g", O_RDWR));
  MUST(write_file("h", "x"));
  MUST(rename("h", "g"));
  MUST(pread(g, text, 3, 0));
  MUST(fstat(g, &a));
  say("%s, links %ld\n", text, (long)a.st_nlink);
  return 0;
}
