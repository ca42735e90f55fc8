/* msync: flags, alignment, holes. */
#include "case.h"

int main(void) {
  scratch();
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(ftruncate(fd, 3 * 4096));
  char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  strcpy(p, "synced");
  TRY(msync(p, 4096, MS_SYNC));
  TRY(msync(p, 4096, MS_ASYNC));
  TRY(msync(p, 4096, MS_ASYNC | MS_SYNC));
  TRY(msync(p, 4096, MS_INVALIDATE));
  TRY(msync(p, 4096, 0));
  TRY(msync(p, 4096, 8));
  TRY(msync(p + 1, 4096, MS_SYNC));
  MUST(munmap(p + 4096, 4096));
  TRY(msync(p, 3 * 4096, MS_SYNC));
  char text[8] = "";
  MUST(pread(fd, text, 7, 0));
  say("%s\n", text);
  return 0;
}
