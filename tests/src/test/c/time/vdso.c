/* Linked dynamically, because only then does the C library look for it: the vdso's clocks are those of the system calls. */
#include "case.h"
#include <sys/auxv.h>
#include <link.h>

static long nanos(struct timespec t) { return t.tv_sec * 1000000000L + t.tv_nsec; }

static long by_call(clockid_t clock) {
  struct timespec t;
  MUST(syscall(SYS_clock_gettime, clock, &t));
  return nanos(t);
}

static long by_library(clockid_t clock) {
  struct timespec t;
  MUST(clock_gettime(clock, &t));
  return nanos(t);
}

static void in_order(const char *name, clockid_t clock) {
  int backwards = 0;
  long last = 0;
  for (int i = 0; i < 2000; i++) {
    long now = i % 2 ? by_call(clock) : by_library(clock);
    backwards += now < last;
    last = now;
  }
  say("%s runs backwards %d times\n", name, backwards);
}

static int visit(struct dl_phdr_info *info, size_t size, void *found) {
  (void)size;
  if (strcmp(info->dlpi_name, "linux-vdso.so.1") == 0) *(int *)found = info->dlpi_phnum > 2;
  return 0;
}

static void *in_thread(void *unused) {
  in_order("thread", CLOCK_MONOTONIC);
  return unused;
}

int main(void) {
  const char *image = (const char *)getauxval(AT_SYSINFO_EHDR);
  say("image %d\n", image && memcmp(image, "\177ELF", 4) == 0);
  int found = 0;
  dl_iterate_phdr(visit, &found);
  say("loaded %d\n", found);
  in_order("realtime", CLOCK_REALTIME);
  in_order("monotonic", CLOCK_MONOTONIC);
  in_order("raw", CLOCK_MONOTONIC_RAW);
  in_order("coarse", CLOCK_REALTIME_COARSE);
  in_order("monotonic coarse", CLOCK_MONOTONIC_COARSE);
  in_order("boot", CLOCK_BOOTTIME);
  in_order("tai", CLOCK_TAI);
  in_order("process", CLOCK_PROCESS_CPUTIME_ID);
  struct timespec t;
  TRY(clock_gettime(99, &t));
  struct timeval v;
  long before = by_call(CLOCK_REALTIME) / 1000;
  MUST(gettimeofday(&v, NULL));
  long after = by_call(CLOCK_REALTIME) / 1000;
  long middle = v.tv_sec * 1000000L + v.tv_usec;
  say("gettimeofday %d\n", before <= middle && middle <= after);
  time_t seconds = time(NULL);
  say("time %d\n", seconds >= before / 1000000 - 1 && seconds <= after / 1000000);
  say("cpu %d\n", sched_getcpu() >= 0);
  pthread_t thread;
  pthread_create(&thread, NULL, in_thread, NULL);
  pthread_join(thread, NULL);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    in_order("child", CLOCK_MONOTONIC);
    _exit(0);
  }
  reap("child", pid);
  int ends[2];
  MUST(pipe(ends));
  TRY(write(ends[1], image, 4));
  char text[5] = "";
  TRY(read(ends[0], text, 4));
  say("%d\n", memcmp(text, "\177ELF", 4) == 0);
  MUST(write(ends[1], "x", 1));
  TRY(read(ends[0], (void *)image, 1));
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[4096];
  int listed = 0;
  while (fgets(line, sizeof line, maps))
    if (strstr(line, "[vdso]")) listed += strtoul(line, NULL, 16) == (unsigned long)image;
  say("listed %d\n", listed);
  return 0;
}
