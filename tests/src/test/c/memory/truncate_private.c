/* Truncating a file takes private pages behind its new end away, written ones too. */
#include "case.h"

static sigjmp_buf back;

static void on_bus(int signal) {
  (void)signal;
  siglongjmp(back, 1);
}

static void show(const char *what, volatile char *p, long page) {
  if (sigsetjmp(back, 1) == 0) {
    int first = p[0], middle = p[100], second = p[page];
    say("%s: %d %d %d\n", what, first, middle, second);
  } else {
    say("%s: bus error, first %d %d\n", what, p[0], p[100]);
  }
}

static void try_file(int fd, const char *kind) {
  long page = sysconf(_SC_PAGESIZE);
  say("%s\n", kind);
  MUST(ftruncate(fd, 2 * page));
  char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  memset(p, 7, 2 * page);
  show("written", p, page);
  TRY(ftruncate(fd, page + 1));
  show("second page half there", p, page);
  TRY(ftruncate(fd, page));
  show("second page gone", p, page);
  TRY(ftruncate(fd, 2 * page));
  show("it came back", p, page);
  p[page] = 9;
  TRY(ftruncate(fd, 50));
  show("shorter", p, page);
  TRY(ftruncate(fd, 2 * page));
  show("long again", p, page);
  p[page] = 9;
  char path[40];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  MUST(close(MUST(open(path, O_RDWR | O_TRUNC))));
  TRY(ftruncate(fd, 2 * page));
  show("truncated by open", p, page);
  MUST(munmap(p, 2 * page));
}

int main(void) {
  scratch();
  install(SIGBUS, on_bus, 0);
  try_file(MUST(memfd_create("x", 0)), "memory");
  try_file(MUST(open("f", O_RDWR | O_CREAT, 0600)), "file");
  return 0;
}
