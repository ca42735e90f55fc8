/* A private file mapping keeps its writes to itself and sees the file's until then. */
#include "case.h"

int main(void) {
  scratch();
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(write(fd, "0123456789", 10));
  char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  say("%s|%d\n", p, p[10]);
  p[0] = 'X';
  char text[16] = "";
  MUST(pread(fd, text, 10, 0));
  say("file %s, mapping %s\n", text, p);
  MUST(pwrite(fd, "AB", 2, 0));
  say("after a write to a copied page: %s\n", p);
  return 0;
}
