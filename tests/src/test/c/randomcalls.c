// Makes random system calls with random arguments, in children that this process, which is to be the first one of its
// sandbox, starts anew whenever they die, hang or have made their share. Arguments: how many calls, a seed. In the end it
// checks that it can still do ordinary things, and prints how many calls were made, at least.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SHARE = 3000, PATIENCE_MS = 200, PAGES = 16, NUMBERS = 462, TOP = 64 };

static uint64_t state;

static uint64_t next(void) { // xorshift64*
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545f4914f6cdd1dULL;
}

static uint64_t below(uint64_t n) { return next() % n; }

static char *buffer; // PAGES pages, and behind them one that cannot be touched
static volatile uint64_t *made;

static const char *const paths[] = {
    "",        ".",          "..",       "/",           "/tmp",      "/tmp/fuzz/a", "/tmp/fuzz/b", "/tmp/fuzz/d/e",
    "a",       "b",          "d",        "../../..",    "/proc/self", "/proc/self/fd/3", "/proc/self/mem", "/proc/self/maps",
    "/dev/null", "/dev/ptmx", "/dev/zero", "/proc/1/root", "/proc/sys/kernel/hostname", "/sys", "/tmp/fuzz/loop", "/dev/shm/x",
    "/proc/self/exe", "/bin/true", "/tmp/fuzz/fifo", "/tmp/fuzz/sock", "/nonexistent/x", "/etc/passwd/x", "/proc/self/ns/net",
    "/proc/self/task", "tmpfs", "proc", "overlay", "user.x", "security.capability",
};

static uint64_t word(void) {
  static const uint64_t edges[] = {
      0, 1, 2, 3, 4, 7, 8, 15, 16, 64, 127, 128, 255, 256, 511, 512, 4095, 4096, 4097, 65535, 65536, 0x7fffffff, 0x80000000,
      0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, -1, -2, -100, -4096, 0x7ffffffff000, 0x800000000000,
      0xffff800000000000, 0xffffffffff600000, 1 << 20, 1 << 21, 1UL << 40,
  };
  switch (below(4)) {
    case 0: return edges[below(sizeof edges / sizeof *edges)];
    case 1: return 1ULL << below(64);
    case 2: return next();
    default: return below(32);
  }
}

// An address: mostly of bytes that mean something, sometimes at the end of what is mapped, sometimes nonsense.
static uint64_t pointer(void) {
  char *at = buffer + below(PAGES - 1) * 4096 + below(512) * 8;
  switch (below(10)) {
    case 0: return word();
    case 1: return (uint64_t)(buffer + PAGES * 4096 - below(64));
    case 2:
    case 3:
    case 4: strcpy(at, paths[below(sizeof paths / sizeof *paths)]); break;
    case 5:
      for (int i = 0; i < 16; i++) ((uint64_t *)at)[i] = below(3) ? word() : (uint64_t)(buffer + below(PAGES * 4096));
      break;
    case 6: memset(at, 0, 256); break;
    case 7:
      for (int i = 0; i < 32; i++) ((uint32_t *)at)[i] = (uint32_t)(below(2) ? below(40) : word());
      break;
    default: break;
  }
  return (uint64_t)at;
}

static uint64_t argument(void) {
  switch (below(5)) {
    case 0: return below(24); // a descriptor
    case 1:
    case 2: return pointer();
    default: return word();
  }
}

// Not asked for: those that would end this process's work, or suspend it for ever, and do nothing else.
static int pointless(long number) {
  return number == SYS_exit || number == SYS_exit_group || number == SYS_rt_sigreturn || number == SYS_pause ||
         number == 335; // uretprobe: SIGILL
}

static void open_things(void) {
  int pair[2], nothing = open("/dev/null", O_RDWR);
  dup2(nothing, 0), dup2(nothing, 1), dup2(nothing, 2);
  mkdir("/tmp/fuzz", 0777), mkdir("/tmp/fuzz/d", 0777);
  if (chdir("/tmp/fuzz")) _exit(1);
  close(open("a", O_CREAT | O_RDWR, 0666)), symlink("loop", "loop"), mknod("fifo", S_IFIFO | 0666, 0);
  open("a", O_RDWR), open(".", O_RDONLY | O_DIRECTORY), open("/tmp/fuzz", O_PATH), open("fifo", O_RDWR | O_NONBLOCK);
  if (pipe2(pair, O_NONBLOCK)) _exit(1);
  socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair);
  socket(AF_UNIX, SOCK_SEQPACKET, 0), epoll_create1(0), eventfd(0, EFD_NONBLOCK), inotify_init1(IN_NONBLOCK);
  timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), memfd_create("m", MFD_ALLOW_SEALING), open("/dev/ptmx", O_RDWR | O_NOCTTY);
  open("/proc/self/mem", O_RDWR), open("/dev/zero", O_RDWR);
}

static void work(uint64_t seed) {
  struct rlimit few = {64, 64}, small = {16 << 20, 16 << 20};
  state = seed * 0x9e3779b97f4a7c15ULL + 1;
  open_things();
  setrlimit(RLIMIT_NPROC, &few), setrlimit(RLIMIT_FSIZE, &small);
  if (below(2) && (setgid(1000) || setuid(1000))) _exit(1);
  for (int i = 0; i < SHARE; i++) {
    long number = below(50) ? (long)below(NUMBERS) : (long)word();
    if (pointless(number)) continue;
    syscall(number, argument(), argument(), argument(), argument(), argument(), argument());
    __atomic_fetch_add(made, 1, __ATOMIC_RELAXED);
  }
  _exit(0);
}

static uint64_t milliseconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

// Waits for a child's end as long as it gets on; then ends whatever it and its own children have become.
static void end(pid_t child) {
  uint64_t limit = milliseconds() + PATIENCE_MS, before = 0;
  struct timespec little = {0, 2000000};
  while (waitpid(child, NULL, WNOHANG | __WALL) == 0 && milliseconds() < limit) {
    if (*made != before) limit = milliseconds() + PATIENCE_MS;
    before = *made;
    nanosleep(&little, NULL);
  }
  kill(-1, SIGKILL);
  while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR) continue;
}

int main(int argc, char **argv) {
  uint64_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000, seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  if (getpid() != 1) {
    fprintf(stderr, "randomcalls has to be process 1 of a sandbox: it kills all others\n");
    return 2;
  }
  made = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  buffer = mmap(NULL, (PAGES + 1) * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (made == MAP_FAILED || buffer == MAP_FAILED) return 3;
  mprotect(buffer + PAGES * 4096, 4096, PROT_NONE);
  for (uint64_t total = 0; total < wanted; seed++) {
    *made = 0;
    pid_t child = fork();
    if (child == 0) work(seed);
    if (child < 0) {
      perror("fork");
      return 4;
    }
    end(child);
    total += *made < 64 * SHARE ? *made : 0; // unless somebody scribbled over it
    if (total >= wanted) printf("%llu calls\n", (unsigned long long)total);
  }
  pid_t child = fork();
  if (child == 0) execl("/bin/echo", "echo", "still here", NULL);
  int status = -1;
  fflush(stdout);
  waitpid(child, &status, 0);
  return status == 0 ? 0 : 5;
}
