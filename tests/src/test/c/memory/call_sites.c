/* System calls in text that the program makes, reads, changes, moves and replaces itself, each made often. */
#include "case.h"

enum { OFTEN = 300 };

static const unsigned char loads[] = {0xb8, SYS_getppid, 0, 0, 0, 0x0f, 0x05, 0xc3}; /* mov $nr,%eax; syscall; ret */
/* mov %edi,%eax; syscall; cmp $-4096,%rax; sbb %eax,%eax; ret: all ones for success */
static const unsigned char compares[] = {0x89, 0xf8, 0x0f, 0x05, 0x48, 0x3d, 0,    0xf0,
                                         0xff, 0xff, 0x19, 0xc0, 0xc3};
/* mov $nr,%eax; syscall; mov %rcx,%rax; ret: where the call returned to */
static const unsigned char returns[] = {0xb8, SYS_getppid, 0, 0, 0, 0x0f, 0x05, 0x48, 0x89, 0xc8, 0xc3};
/* mov %edi,%eax; syscall; mov %rcx,%rax; ret: the same without a load of the number */
static const unsigned char returns_bare[] = {0x89, 0xf8, 0x0f, 0x05, 0x48, 0x89, 0xc8, 0xc3};
/* std; stc; mov $nr,%eax; syscall; pushf; cld; pop %rax; ret */
static const unsigned char flags[] = {0xfd, 0xf9, 0xb8, SYS_getppid, 0, 0, 0, 0x0f, 0x05, 0x9c, 0xfc, 0x58, 0xc3};
/* mov %rdi,-8(%rsp); mov $nr,%eax; syscall; mov -8(%rsp),%rax; ret: the red zone */
static const unsigned char zone[] = {0x48, 0x89, 0x7c, 0x24, 0xf8, 0xb8, SYS_getppid, 0, 0,
                                     0,    0x0f, 0x05, 0x48, 0x8b, 0x44, 0x24,        0xf8, 0xc3};

typedef long call(long);

static char *text(char *at, const void *code, size_t size) {
  MUST(mprotect(at, 4096, PROT_READ | PROT_WRITE));
  memset(at, 0xcc, 4096);
  memcpy(at, code, size);
  MUST(mprotect(at, 4096, PROT_READ | PROT_EXEC));
  return at;
}

static long often(char *code, long argument) {
  long result = 0;
  for (int i = 0; i < OFTEN; i++) result = ((call *)(uintptr_t)code)(argument);
  return result;
}

static long parent(long result) { return result == getppid(); }

static volatile sig_atomic_t seen;
static volatile int *shared;
static void count(int signal) {
  (void)signal;
  seen++;
  ++*shared;
}

static void *in_thread(void *code) { return (void *)parent(often(code, 0)); }

int main(void) {
  char *page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  text(page, loads, sizeof loads);
  say("a load: %ld\n", parent(often(page, 0)));
  MUST(mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
  say("unchanged when it can be written: %d\n", memcmp(page, loads, sizeof loads));
  page[1] = SYS_getpid;
  say("another number: %d\n", often(page, 0) == getpid());

  text(page, compares, sizeof compares);
  say("a comparison: %ld", often(page, SYS_getppid));
  say(" and after a failure %ld\n", often(page, SYS_restart_syscall + 9999));
  MUST(mprotect(page, 4096, PROT_READ));
  MUST(mprotect(page, 4096, PROT_READ | PROT_WRITE));
  say("unchanged: %d\n", memcmp(page, compares, sizeof compares));

  text(page, returns, sizeof returns);
  say("returned to +%ld", often(page, 0) - (long)page);
  text(page, returns_bare, sizeof returns_bare);
  say(" and +%ld\n", often(page, SYS_getppid) - (long)page);
  text(page, flags, sizeof flags);
  say("flags: %lx\n", often(page, 0) & 0x401);
  text(page, zone, sizeof zone);
  say("red zone: %ld\n", often(page, 4711));

  text(page, compares, sizeof compares);
  often(page, SYS_getppid);
  char *moved = mremap(page, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, page + 2 * 4096);
  say("moved: %ld\n", often(moved, SYS_getppid));
  char *other = mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  text(other, loads, sizeof loads);
  say("something else in its place: %ld\n", parent(often(other, 0)));
  text(other, compares, sizeof compares);
  often(other, SYS_getppid);
  MUST(munmap(other, 4096));
  other = mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  text(other, returns_bare, sizeof returns_bare);
  say("and again: +%ld\n", often(other, SYS_getppid) - (long)other);

  text(page, loads, sizeof loads);
  often(page, 0);
  pid_t child = fork();
  if (child == 0) {
    MUST(mprotect(page, 4096, PROT_READ | PROT_WRITE));
    _exit(memcmp(page, loads, sizeof loads) == 0 && parent(often(moved, SYS_getppid) ? getppid() : -1) ? 7 : 8);
  }
  int status;
  waitpid(child, &status, 0);
  say("in a child: %d, then here: %ld\n", WEXITSTATUS(status), parent(often(page, 0)));
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, in_thread, page);
  long good = 0;
  for (int i = 0; i < 4; i++) {
    void *result;
    pthread_join(threads[i], &result);
    good += (long)result;
  }
  say("in threads: %ld\n", good);

  shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  signal(SIGUSR1, count);
  for (int i = 0; i < OFTEN; i++) raise(SIGUSR1);
  say("signals: %d\n", seen);
  int ends[2];
  pipe(ends);
  struct sigaction action = {.sa_handler = count};
  sigaction(SIGALRM, &action, NULL);
  int interrupted = 0;
  char byte;
  for (int i = 0; i < 60; i++) { /* without SA_RESTART: each read is interrupted */
    struct itimerval soon = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    interrupted += read(ends[0], &byte, 1) == -1 && errno == EINTR;
  }
  say("interrupted: %d\n", interrupted);
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  *shared = 0;
  child = fork();
  if (child == 0) {
    struct itimerval steady = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &steady, NULL);
    ssize_t n;
    for (int i = 0; i < OFTEN; i++) n = read(ends[0], &byte, 1); /* the last one waits */
    struct itimerval none = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &none, NULL);
    say("restarted: %zd\n", n);
    _exit(0);
  }
  struct itimerval none = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &none, NULL);
  for (int i = 1; i < OFTEN; i++) write(ends[1], "x", 1);
  while (*shared < 50) sched_yield();
  write(ends[1], "x", 1);
  waitpid(child, &status, 0);
  say("%d\n", status);
  return 0;
}
