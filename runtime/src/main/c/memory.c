#include "memory.h"

#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <linux/wait.h>
#include <sys/syscall.h>

#include "calls.h"
#include "text.h"

#define MARGIN (8L << 20)
#define SURELY_MORE (128L << 20)
#define WINDOW (4L << 20)
#define HEARING_MILLISECONDS 200
#define MOST_TRIES 1000
#define PAGE 4096L

static long read_text(int fd, char *text, long size) {
  long n = call4(SYS_pread64, fd, text, size - 1, 0);
  if (n < 0) n = 0;
  while (n > 0 && text[n - 1] == '\n') n--;
  text[n] = 0;
  return n;
}

static long parse(const char *digits) {
  long value = 0;
  while (*digits >= '0' && *digits <= '9') value = value * 10 + (*digits++ - '0');
  return value;
}

/*
 * Maps the same few pages again and again: the host chooses by what a process has mapped, and to that oom_score_adj adds no more than
 * the cgroup's limit. The Sentry has its own programs mapped besides all memory of the applications, and a stub has a score of its own.
 */
static void outgrow(long bytes) {
  long fd = call3(SYS_memfd_create, "bulwark-victim", MFD_CLOEXEC, 0);
  if (fd < 0 || call3(SYS_ftruncate, fd, WINDOW, 0) < 0) return;
  for (long at = 0; at < bytes; at += WINDOW)
    if (call6(SYS_mmap, 0, WINDOW, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0) < 0) return;
}

/* Lowers the limit to what is used and a little; refused while more than that is used, which changes meanwhile. */
static long lower(int limit_fd, int usage_fd) {
  for (int tries = 0; tries < MOST_TRIES; tries++) {
    char usage[32];
    struct text lowered;
    read_text(usage_fd, usage, sizeof usage);
    lowered.length = 0;
    add_number(&lowered, parse(usage) + MARGIN);
    if (call4(SYS_pwrite64, limit_fd, lowered.bytes, lowered.length, 0) > 0) return parse(usage);
  }
  return -1;
}

/* Of all processes of the cgroup this one is to be chosen, when it has lowered the limit; it ends by itself when none is. */
static _Noreturn void be_victim(int limit_fd, int usage_fd) {
  char usage[32];
  long fd = call3(SYS_open, "/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC, 0);
  if (fd >= 0) call3(SYS_write, fd, "1000", 4);
  read_text(usage_fd, usage, sizeof usage);
  outgrow(parse(usage) + SURELY_MORE);
  long used = lower(limit_fd, usage_fd);
  /* The host gives the cgroup's file cache up first, which is at most all that it uses. */
  long bytes = used + SURELY_MORE;
  long memory = used < 0 ? -1 : call6(SYS_mmap, 0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory > 0)
    for (long at = 0; at < bytes; at += PAGE) *(volatile char *)(memory + at) = 1;
  call3(SYS_exit_group, 0, 0, 0);
  __builtin_unreachable();
}

void announce_lack_of_memory(int limit_fd, int usage_fd) {
  char limit[32];
  if (limit_fd < 0 || usage_fd < 0) return;
  long length = read_text(limit_fd, limit, sizeof limit);
  if (length == 0) return;
  long victim = call6(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
  if (victim == 0) be_victim(limit_fd, usage_fd);
  if (victim > 0) call4(SYS_wait4, victim, 0, __WALL, 0);
  call4(SYS_pwrite64, limit_fd, limit, length, 0);
  /* Who listens hears of this and of the application's end from two places; so the end comes a little later. */
  call3(SYS_poll, 0, 0, HEARING_MILLISECONDS);
}
