/* A shared file mapping, read and write see one another at once. */
#include "case.h"

int main(void) {
  scratch();
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(ftruncate(fd, 8192));
  char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *q = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 4096);
  MUST(pwrite(fd, "written", 7, 4096));
  say("%s %s\n", p + 4096, q);
  strcpy(p, "stored");
  char text[16] = "";
  MUST(pread(fd, text, 6, 0));
  say("%s\n", text);
  strcpy(p + 4096, "again");
  say("%s\n", q);
  if (fork() == 0) {
    strcpy(p, "child");
    _exit(0);
  }
  wait(NULL);
  MUST(pread(fd, text, 6, 0));
  say("%s %s\n", p, text);
  MUST(munmap(p, 8192));
  MUST(close(fd));
  fd = MUST(open("f", O_RDONLY));
  MUST(pread(fd, text, 6, 0));
  say("reopened %s, still %s\n", text, q);
  return 0;
}
