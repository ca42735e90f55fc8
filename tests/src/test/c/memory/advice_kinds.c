/* madvise: every kind of advice on every kind of memory, and what stays in memory afterwards. */
#include "case.h"
#include <linux/mman.h>

#define RW (PROT_READ | PROT_WRITE)
#define PAGE 4096

static const struct {
  int number;
  const char *name;
} advice[] = {
    {MADV_NORMAL, "NORMAL"},
    {MADV_RANDOM, "RANDOM"},
    {MADV_SEQUENTIAL, "SEQUENTIAL"},
    {MADV_WILLNEED, "WILLNEED"},
    {MADV_COLD, "COLD"},
    {MADV_PAGEOUT, "PAGEOUT"},
    {MADV_POPULATE_READ, "POPULATE_READ"},
    {MADV_POPULATE_WRITE, "POPULATE_WRITE"},
    {MADV_DONTDUMP, "DONTDUMP"},
    {MADV_DODUMP, "DODUMP"},
    {MADV_DONTFORK, "DONTFORK"},
    {MADV_DOFORK, "DOFORK"},
    {MADV_WIPEONFORK, "WIPEONFORK"},
    {MADV_KEEPONFORK, "KEEPONFORK"},
    {MADV_FREE, "FREE"},
    {MADV_DONTNEED, "DONTNEED"},
    {MADV_DONTNEED_LOCKED, "DONTNEED_LOCKED"},
    {MADV_REMOVE, "REMOVE"},
};

static void all(const char *what, char *at) {
  for (unsigned i = 0; i < sizeof advice / sizeof *advice; i++) {
    errno = 0;
    int r = madvise(at, 2 * PAGE, advice[i].number);
    say("%s %s: %s\n", what, advice[i].name, r == 0 ? "ok" : error_name(errno));
  }
}

static int resident(void *at) {
  unsigned char v = 0;
  MUST(mincore(at, PAGE, &v));
  return v & 1;
}

static void presence(void) {
  char *p = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  say("untouched %d\n", resident(p));
  TRY(madvise(p, PAGE, MADV_POPULATE_WRITE));
  say("populated %d, the next %d\n", resident(p), resident(p + PAGE));
  p[0] = 'x';
  TRY(madvise(p, PAGE, MADV_DONTNEED));
  say("dropped %d, zero %d\n", resident(p), p[0]);
  TRY(mlock(p, PAGE));
  p[0] = 'y';
  TRY(madvise(p, 2 * PAGE, MADV_DONTNEED));
  TRY(madvise(p, 2 * PAGE, MADV_FREE));
  TRY(madvise(p, 2 * PAGE, MADV_COLD));
  TRY(madvise(p, 2 * PAGE, MADV_PAGEOUT));
  say("locked keeps %c\n", p[0]);
  TRY(madvise(p, 2 * PAGE, MADV_DONTNEED_LOCKED));
  say("unless asked for: %d, %d\n", p[0], resident(p));
  TRY(munlock(p, PAGE));
  MUST(mprotect(p, PAGE, PROT_READ));
  TRY(madvise(p, PAGE, MADV_POPULATE_READ));
  TRY(madvise(p, PAGE, MADV_POPULATE_WRITE));
  MUST(mprotect(p, PAGE, PROT_NONE));
  TRY(madvise(p, PAGE, MADV_POPULATE_READ));
  MUST(munmap(p + PAGE, PAGE));
  TRY(madvise(p + PAGE, PAGE, MADV_POPULATE_READ));
  MUST(mprotect(p, PAGE, RW));
  TRY(madvise(p, 3 * PAGE, MADV_POPULATE_WRITE));
  say("before the hole %d, behind it %d\n", resident(p), resident(p + 2 * PAGE));
  TRY(madvise(p, 3 * PAGE, MADV_WILLNEED));
  TRY(madvise(p, 3 * PAGE, MADV_COLD));
}

static void files(void) {
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  char page[2 * PAGE];
  memset(page, 'f', sizeof page);
  MUST(write(fd, page, sizeof page));
  char *s = mmap(NULL, 4 * PAGE, RW, MAP_SHARED, fd, 0);
  TRY(madvise(s, 2 * PAGE, MADV_POPULATE_READ));
  TRY(madvise(s, 4 * PAGE, MADV_POPULATE_READ));
  TRY(madvise(s, 4 * PAGE, MADV_POPULATE_WRITE));
  s[0] = 'g';
  TRY(madvise(s, PAGE, MADV_DONTNEED));
  say("the file keeps %c\n", s[0]);
  TRY(madvise(s, PAGE, MADV_REMOVE));
  say("a hole of zeros: %d, then %c\n", s[0], s[PAGE]);
  TRY(pread(fd, page, 1, 0));
  say("in the file too: %d\n", page[0]);
  char *v = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0);
  v[PAGE] = 'p';
  TRY(madvise(v, 2 * PAGE, MADV_DONTNEED));
  say("private again as the file: %c\n", v[PAGE]);
  TRY(madvise(v, PAGE, MADV_REMOVE));
  char *r = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
  TRY(madvise(r, PAGE, MADV_REMOVE));
  int readonly = MUST(open("f", O_RDONLY));
  char *o = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, readonly, 0);
  TRY(madvise(o, PAGE, MADV_REMOVE));
  all("shared file", s);
  all("private file", v);
}

int main(void) {
  scratch();
  presence();
  files();
  all("anonymous", mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  all("shared", mmap(NULL, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  all("nothing", (char *)0x10000000000);
  return 0;
}
