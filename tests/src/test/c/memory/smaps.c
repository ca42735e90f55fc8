/* What /proc says of an area: sizes, flags, and sums that must agree. */
#include "case.h"

#define PAGE 4096L

/* The value in kB of a field of the area that begins at an address; -1 when there is none. */
static long field(const char *file, void *at, const char *name) {
  FILE *f = fopen(file, "r");
  char line[512], start[32];
  long value = -1;
  int in = at == NULL;
  snprintf(start, sizeof start, "%lx-", (unsigned long)at);
  while (f && fgets(line, sizeof line, f)) {
    if (strncmp(line, start, strlen(start)) == 0) {
      in = 1;
    } else if (in && strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') {
      value = atol(line + strlen(name) + 1);
      break;
    }
  }
  if (f) fclose(f);
  return value;
}

static void show(const char *what, void *at) {
  static const char *names[] = {"Size", "KernelPageSize", "MMUPageSize", "Rss", "Pss",
                                "Shared_Clean", "Shared_Dirty", "Private_Clean",
                                "Private_Dirty", "Anonymous", "Swap", "Locked"};
  say("%s:", what);
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    say(" %s %ld", names[i], field("/proc/self/smaps", at, names[i]));
  say("\n");
}

static void flags(const char *what, void *at) {
  FILE *f = fopen("/proc/self/smaps", "r");
  char line[512], start[32];
  int in = 0;
  snprintf(start, sizeof start, "%lx-", (unsigned long)at);
  while (f && fgets(line, sizeof line, f)) {
    if (strncmp(line, start, strlen(start)) == 0) in = 1;
    if (in && strncmp(line, "VmFlags:", 8) == 0) {
      char *rest = line + 8, *one;
      say("%s flags:", what);
      /* Soft-dirty tracking and strict accounting are matters of the kernel's configuration. */
      while ((one = strsep(&rest, " \n")))
        if (*one && strcmp(one, "sd") && strcmp(one, "ac")) say(" %s", one);
      say("\n");
      break;
    }
  }
  if (f) fclose(f);
}

int main(void) {
  int rw = PROT_READ | PROT_WRITE;
  char *p = mmap(NULL, 16 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  MUST(mprotect(p, PAGE, PROT_NONE));
  MUST(mprotect(p + 15 * PAGE, PAGE, PROT_NONE));
  show("untouched", p + PAGE);
  memset(p + PAGE, 1, 5 * PAGE);
  show("five pages", p + PAGE);
  MUST(madvise(p + PAGE, 2 * PAGE, MADV_DONTNEED));
  show("three left", p + PAGE);
  MUST(mlock(p + PAGE, 14 * PAGE));
  show("locked", p + PAGE);
  flags("locked", p + PAGE);
  flags("no rights", p);
  long size, rss;
  FILE *f = fopen("/proc/self/statm", "r");
  MUST(f && fscanf(f, "%ld %ld", &size, &rss) == 2 ? 0 : -1);
  fclose(f);
  long kb = field("/proc/self/status", NULL, "VmSize");
  say("statm agrees with VmSize: %d\n", kb == size * 4);
  say("resident %d\n", rss >= 14 && rss <= size);
  say("VmLck %ld\n", field("/proc/self/status", NULL, "VmLck"));
  MUST(munlock(p + PAGE, 14 * PAGE));
  say("rollup %d\n", field("/proc/self/smaps_rollup", NULL, "Rss") >= 56);
  say("rollup private %d\n", field("/proc/self/smaps_rollup", NULL, "Private_Dirty") >= 56);
  return 0;
}
