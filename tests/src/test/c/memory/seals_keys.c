/* mseal, protection keys and remap_file_pages. */
#include "case.h"

#define PAGE 4096
#ifndef SYS_mseal
#define SYS_mseal 462
#endif

int main(void) {
  int rw = PROT_READ | PROT_WRITE;
  char *p = mmap(NULL, 4 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  p[0] = 'x';
  TRY(syscall(SYS_mseal, p, PAGE, 1UL));
  TRY(syscall(SYS_mseal, p + 1, PAGE, 0UL));
  TRY(syscall(SYS_mseal, p, 2 * PAGE, 0UL));
  TRY(syscall(SYS_mseal, p, PAGE, 0UL));
  TRY(munmap(p, PAGE));
  TRY(munmap(p, 4 * PAGE));
  TRY(mprotect(p, PAGE, PROT_READ));
  OK(mmap(p, PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
  OK(mremap(p, PAGE, 3 * PAGE, MREMAP_MAYMOVE));
  TRY(madvise(p, PAGE, MADV_WILLNEED));
  say("still %c\n", p[0]);
  p[0] = 'y';
  say("writable %c\n", p[0]);
  TRY(munmap(p + 2 * PAGE, 2 * PAGE));

  char *k = mmap(NULL, PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRY(syscall(SYS_pkey_mprotect, k, PAGE, PROT_READ, -1));
  TRY(syscall(SYS_pkey_mprotect, k, PAGE, rw, 99));
  TRY(syscall(SYS_pkey_alloc, 1UL, 0UL));
  TRY(syscall(SYS_pkey_free, 99));

  int fd = MUST(memfd_create("m", 0));
  MUST(ftruncate(fd, 3 * PAGE));
  for (int i = 0; i < 3; i++) MUST(pwrite(fd, &"abc"[i], 1, i * PAGE));
  char *s = mmap(NULL, 3 * PAGE, rw, MAP_SHARED, fd, 0);
  TRY(remap_file_pages(s, PAGE, 0, 2, 0));
  say("%c%c%c\n", s[0], s[PAGE], s[2 * PAGE]);
  TRY(remap_file_pages(s, PAGE, PROT_READ, 1, 0));
  char *v = mmap(NULL, PAGE, rw, MAP_PRIVATE, fd, 0);
  TRY(remap_file_pages(v, PAGE, 0, 1, 0));
  return 0;
}
