/* /proc/self/maps shows what was mapped, merged where Linux merges. */
#include "case.h"

static void show(char *from, char *to) {
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[512];
  while (fgets(line, sizeof line, maps)) {
    unsigned long a, b;
    char mode[8], rest[256] = "";
    sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &a, &b, mode, rest);
    if (a >= (unsigned long)from && b <= (unsigned long)to) {
      say("  +%lu..%lu %s %s\n", (a - (unsigned long)from) / 4096,
          (b - (unsigned long)from) / 4096, mode, rest);
    }
  }
  fclose(maps);
}

int main(void) {
  char *room = mmap(NULL, 64 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *p = room + 8 * 4096, *end = room + 40 * 4096;
  MUST(munmap(p, 32 * 4096));
  int fixed = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, rw = PROT_READ | PROT_WRITE;
  mmap(p, 4096, rw, fixed, -1, 0);
  mmap(p + 4096, 4096, rw, fixed, -1, 0);
  say("two at once\n");
  show(p, end);
  mmap(p + 3 * 4096, 4 * 4096, PROT_READ, fixed, -1, 0);
  say("one apart\n");
  show(p, end);
  MUST(mprotect(p + 4 * 4096, 4096, PROT_NONE));
  say("one split\n");
  show(p, end);
  MUST(mprotect(p + 4 * 4096, 4096, PROT_READ));
  say("joined again\n");
  show(p, end);
  int fd = MUST(open("/etc/passwd", O_RDONLY));
  mmap(p + 10 * 4096, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
  say("a file\n");
  show(p, end);
  return 0;
}
