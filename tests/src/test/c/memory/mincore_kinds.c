/* mincore: which pages of files and of anonymous memory are present. */
#include "case.h"

#define PAGE 4096

static void show(const char *what, char *at, int pages) {
  unsigned char v[8];
  char text[9] = "";
  MUST(mincore(at, (size_t)pages * PAGE, v));
  for (int i = 0; i < pages; i++) text[i] = '0' + (v[i] & 1);
  say("%s %s\n", what, text);
}

int main(void) {
  scratch();
  int rw = PROT_READ | PROT_WRITE;
  char *p = mmap(NULL, 4 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  show("untouched", p, 4);
  p[PAGE] = 1;
  show("one touched", p, 4);
  MUST(madvise(p, 4 * PAGE, MADV_DONTNEED));
  show("dropped", p, 4);
  MUST(mmap(p, 2 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0) ? 0 : -1);
  show("two populated", p, 4);
  MUST(mprotect(p, PAGE, PROT_NONE));
  show("one without rights", p, 4);

  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  char text[2 * PAGE] = "x";
  MUST(write(fd, text, sizeof text));
  char *f = mmap(NULL, 2 * PAGE, rw, MAP_SHARED, fd, 0);
  show("written file", f, 2);

  int memory = MUST(memfd_create("m", 0));
  MUST(ftruncate(memory, 4 * PAGE));
  char *m = mmap(NULL, 4 * PAGE, rw, MAP_SHARED, memory, 0);
  show("empty memory file", m, 4);
  m[2 * PAGE] = 1;
  show("one page of it", m, 4);
  MUST(pwrite(memory, "x", 1, 0));
  show("one written", m, 4);

  char *s = mmap(NULL, 2 * PAGE, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  show("shared", s, 2);
  s[PAGE] = 1;
  show("shared touched", s, 2);
  return 0;
}
