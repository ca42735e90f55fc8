// Prints what it sees of signals, so that two kernels can be compared. The first argument names the case.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>
#include <xmmintrin.h>

static void action(int sig, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction sa = {0};
  sa.sa_sigaction = handler;
  sa.sa_flags = SA_SIGINFO | flags;
  sigaction(sig, &sa, 0);
}

static sigset_t set(int sig) {
  sigset_t s;
  sigemptyset(&s);
  if (sig) sigaddset(&s, sig);
  return s;
}

static void block(int sig) {
  sigset_t s = set(sig);
  sigprocmask(SIG_BLOCK, &s, 0);
}

static void show_mask(const char *where) {
  sigset_t s;
  sigprocmask(SIG_BLOCK, 0, &s);
  printf("%s:", where);
  for (int i = 1; i < 65; i++)
    if (sigismember(&s, i) == 1) printf(" %d", i);
  printf("\n");
}

static volatile int count;

static void tell(int sig, siginfo_t *info, void *context) {
  count++;
  printf("handler %d code %d self %d\n", sig, info->si_code, info->si_pid == getpid());
  show_mask("in handler");
}

static void handlers(void) {
  action(SIGUSR1, tell, 0);
  raise(SIGUSR1);
  kill(getpid(), SIGUSR1);
  show_mask("after");
  action(SIGUSR2, tell, SA_NODEFER | SA_RESETHAND);
  raise(SIGUSR2);
  struct sigaction sa;
  sigaction(SIGUSR2, 0, &sa);
  printf("reset %d flags %x\n", sa.sa_handler == SIG_DFL, sa.sa_flags & ~0x04000000);
}

static void tell_value(int sig, siginfo_t *info, void *context) {
  printf("%d value %d code %d\n", sig, info->si_value.sival_int, info->si_code);
}

static void queues(void) {
  for (int sig = SIGRTMIN; sig < SIGRTMIN + 3; sig++) {
    block(sig);
    action(sig, tell_value, 0);
  }
  block(SIGUSR1);
  action(SIGUSR1, tell_value, 0);
  for (int i = 0; i < 4; i++) {
    union sigval v = {.sival_int = i};
    sigqueue(getpid(), SIGRTMIN + 2 - i % 3, v);
    sigqueue(getpid(), SIGUSR1, v);
  }
  sigset_t s = set(0);
  sigpending(&s);
  printf("pending %d %d\n", sigismember(&s, SIGUSR1), sigismember(&s, SIGRTMIN + 1));
  s = set(0);
  sigprocmask(SIG_SETMASK, &s, 0);
}

static int nested_depth;

static void nested(int sig, siginfo_t *info, void *context) {
  int depth = ++nested_depth;
  printf("enter %d depth %d\n", sig, depth);
  if (sig == SIGUSR1) raise(SIGUSR2);
  printf("leave %d depth %d\n", sig, depth);
  nested_depth--;
}

static void nesting(void) {
  action(SIGUSR1, nested, 0);
  action(SIGUSR2, nested, 0);
  raise(SIGUSR1);
}

static void nothing(int sig, siginfo_t *info, void *context) { count++; }

static void restarting(void) {
  int p[2];
  char c;
  pipe(p);
  for (int restart = 0; restart < 2; restart++) {
    action(SIGUSR1, nothing, restart ? SA_RESTART : 0);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
      usleep(100000);
      kill(parent, SIGUSR1);
      usleep(100000);
      if (restart) write(p[1], "x", 1);
      _exit(0);
    }
    errno = 0;
    long n = read(p[0], &c, 1);
    printf("restart %d: %ld %s handled %d\n", restart, n, strerrorname_np(errno) ?: "0", count);
    while (waitpid(child, 0, 0) < 0) {}
  }
}

static char *page;
static sigjmp_buf jump;

static void segv(int sig, siginfo_t *info, void *context) {
  printf("signal %d code %d offset %ld\n", sig, info->si_code, (long)((char *)info->si_addr - page));
  if (info->si_code == SEGV_ACCERR)
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
  else
    siglongjmp(jump, 1);
}

static void faults(void) {
  page = mmap(0, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  action(SIGSEGV, segv, 0);
  page[5] = 1;
  printf("stored %d\n", page[5]);
  munmap(page + 4096, 4096);
  if (!sigsetjmp(jump, 1)) page[4096 + 7] = 1;
  show_mask("after jump");
}

static void arithmetic(int sig, siginfo_t *info, void *context) {
  printf("signal %d code %d\n", sig, info->si_code);
  siglongjmp(jump, 1);
}

static void exceptions(void) {
  action(SIGFPE, arithmetic, 0);
  action(SIGILL, arithmetic, 0);
  action(SIGTRAP, arithmetic, 0);
  if (!sigsetjmp(jump, 1)) asm volatile("xor %%ecx,%%ecx; mov $1,%%eax; cltd; idiv %%ecx" : : : "eax", "ecx", "edx");
  if (!sigsetjmp(jump, 1)) asm volatile("ud2");
  if (!sigsetjmp(jump, 1)) asm volatile("int3");
}

static void skip(int sig, siginfo_t *info, void *context) {
  ucontext_t *c = context;
  c->uc_mcontext.gregs[REG_RIP] += 2;
  c->uc_mcontext.gregs[REG_RBX] = 77;
  sigaddset(&c->uc_sigmask, SIGUSR2);
}

static void context_changes(void) {
  action(SIGILL, skip, 0);
  long value = 1;
  asm volatile("mov %0,%%rbx; ud2; mov %%rbx,%0" : "+r"(value) : : "rbx");
  printf("register %ld\n", value);
  show_mask("mask");
}

static void spoil(int sig, siginfo_t *info, void *context) {
  float zeroes[4] = {0};
  asm volatile("movups (%0),%%xmm7; movups (%0),%%xmm15" : : "r"(zeroes) : "xmm7", "xmm15", "memory");
  printf("mxcsr in handler %x\n", _mm_getcsr());
  _mm_setcsr(0x1f80);
}

static void floating_point(void) {
  action(SIGUSR1, spoil, 0);
  float in[4] = {1, 2, 3, 4}, out[4], out15[4];
  _mm_setcsr(0x7f80);
  pid_t pid = getpid();
  long r;
  asm volatile("movups (%1),%%xmm7; movups (%1),%%xmm15; syscall; movups %%xmm7,(%2); movups %%xmm15,(%3)"
               : "=a"(r)
               : "r"(in), "r"(out), "r"(out15), "a"(SYS_kill), "D"((long)pid), "S"((long)SIGUSR1)
               : "rcx", "r11", "xmm7", "xmm15", "memory");
  printf("%ld: %g %g %g\n", r, out[0], out[3], out15[2]);
  printf("mxcsr %x\n", _mm_getcsr());
}

static char stack[65536];

static void on_stack(int sig, siginfo_t *info, void *context) {
  char here;
  stack_t now;
  sigaltstack(0, &now);
  printf("on stack %d flags %x\n", &here > stack && &here < stack + sizeof stack, now.ss_flags);
  stack_t off = {.ss_flags = SS_DISABLE};
  int r = sigaltstack(&off, 0);
  printf("disable %d %s\n", r, r ? strerrorname_np(errno) : "");
}

static void overflowed(int sig, siginfo_t *info, void *context) {
  printf("overflow caught\n");
  siglongjmp(jump, 1);
}

static int recurse(int n) {
  volatile char big[4096];
  big[n % 4096] = n;
  return n == -1 ? 0 : recurse(n + 1) + big[0];
}

static void stacks(void) {
  stack_t s = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&s, 0);
  action(SIGUSR1, on_stack, SA_ONSTACK);
  raise(SIGUSR1);
  s.ss_flags = 1 << 31;
  sigaltstack(&s, 0);
  raise(SIGUSR1);
  stack_t now;
  sigaltstack(0, &now);
  printf("after: flags %x size %zu\n", now.ss_flags, now.ss_size);
  action(SIGSEGV, overflowed, SA_ONSTACK);
  if (!sigsetjmp(jump, 1)) recurse(0);
}

static void waits(void) {
  block(SIGUSR1);
  block(SIGTERM);
  action(SIGUSR1, tell, 0);
  kill(getpid(), SIGUSR1);
  sigset_t none = set(0);
  int r = sigsuspend(&none) == -1 ? errno : 0;
  printf("suspend %s\n", r ? strerrorname_np(r) : "");
  sigset_t s = set(SIGTERM);
  sigset_t old;
  sigprocmask(SIG_SETMASK, 0, &old);
  struct timespec zero = {0, 0}, little = {0, 20000000};
  siginfo_t info;
  r = sigtimedwait(&s, &info, &zero);
  printf("timedwait %d %s\n", r, strerrorname_np(errno));
  r = sigtimedwait(&s, &info, &little);
  printf("timedwait %d %s\n", r, strerrorname_np(errno));
  pid_t parent = getpid();
  if (fork() == 0) {
    usleep(50000);
    kill(parent, SIGTERM);
    _exit(0);
  }
  printf("waitinfo %d", sigwaitinfo(&s, &info));
  printf(" code %d\n", info.si_code);
  wait(0);
  show_mask("mask");
}

static volatile int child_code, child_status;

static void chld(int sig, siginfo_t *info, void *context) {
  child_code = info->si_code;
  child_status = info->si_status;
}

static void told(void) {
  while (!child_code) sched_yield();
  printf("SIGCHLD code %d status %d\n", child_code, child_status);
  child_code = 0;
}

static void children(void) {
  action(SIGCHLD, chld, SA_RESTART);
  int status;
  pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  kill(child, SIGSTOP);
  waitpid(child, &status, WUNTRACED);
  told();
  printf("stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
  kill(child, SIGCONT);
  waitpid(child, &status, WCONTINUED);
  told();
  printf("continued %d\n", WIFCONTINUED(status));
  kill(child, SIGTERM);
  waitpid(child, &status, 0);
  told();
  printf("signalled %d by %d\n", WIFSIGNALED(status), WTERMSIG(status));
  child = fork();
  if (child == 0) _exit(7);
  siginfo_t info;
  waitid(P_PID, child, &info, WEXITED);
  told();
  printf("waitid %d %d %d\n", info.si_code, info.si_status, info.si_pid == child);
  child = fork();
  if (child == 0) {
    signal(SIGABRT, SIG_IGN);
    abort();
  }
  waitpid(child, &status, 0);
  told();
  printf("abort %d\n", WTERMSIG(status));
  signal(SIGCHLD, SIG_IGN);
  child = fork();
  if (child == 0) _exit(0);
  int r = waitpid(child, &status, 0);
  printf("ignored %d %s\n", r, strerrorname_np(errno));
}

static void pipes(void) {
  int p[2], status;
  pipe(p);
  close(p[0]);
  pid_t child = fork();
  if (child == 0) {
    write(p[1], "x", 1);
    _exit(0);
  }
  waitpid(child, &status, 0);
  printf("SIGPIPE %d\n", WTERMSIG(status));
  signal(SIGPIPE, SIG_IGN);
  int r = write(p[1], "x", 1);
  printf("write %d %s\n", r, strerrorname_np(errno));
}

static pthread_barrier_t barrier;
static pthread_t main_thread;

static void which(int sig, siginfo_t *info, void *context) {
  printf("%d on %s thread\n", sig, pthread_equal(pthread_self(), main_thread) ? "main" : "other");
}

static void *other_thread(void *arg) {
  sigset_t s = set(SIGUSR1);
  pthread_sigmask(SIG_UNBLOCK, &s, 0);
  pthread_barrier_wait(&barrier);
  pthread_barrier_wait(&barrier);
  return 0;
}

static void threads(void) {
  main_thread = pthread_self();
  pthread_barrier_init(&barrier, 0, 2);
  action(SIGUSR1, which, SA_RESTART);
  action(SIGUSR2, which, SA_RESTART);
  block(SIGUSR1);
  pthread_t t;
  pthread_create(&t, 0, other_thread, 0);
  pthread_barrier_wait(&barrier);
  kill(getpid(), SIGUSR1);
  usleep(100000);
  pthread_kill(t, SIGUSR2);
  usleep(100000);
  pthread_kill(main_thread, SIGUSR2);
  pthread_barrier_wait(&barrier);
  pthread_join(t, 0);
  int r = syscall(SYS_tgkill, getpid(), 999999, 0);
  printf("tgkill %d %s\n", r, strerrorname_np(errno));
}

static void inheritance(char *self) {
  block(SIGUSR1);
  signal(SIGUSR2, SIG_IGN);
  action(SIGHUP, nothing, 0);
  kill(getpid(), SIGUSR1);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    sigset_t s;
    sigpending(&s);
    printf("child pending %d\n", sigismember(&s, SIGUSR1));
    fflush(stdout);
    execl(self, self, "executed", NULL);
  }
  waitpid(child, 0, 0);
  execl(self, self, "executed", NULL);
}

static void executed(void) {
  show_mask("mask");
  struct sigaction sa;
  sigaction(SIGUSR2, 0, &sa);
  printf("usr2 ignored %d\n", sa.sa_handler == SIG_IGN);
  sigaction(SIGHUP, 0, &sa);
  printf("hup default %d\n", sa.sa_handler == SIG_DFL);
  sigset_t s;
  sigpending(&s);
  printf("pending %d\n", sigismember(&s, SIGUSR1));
}

static void sleeping(void) {
  action(SIGUSR1, nothing, SA_RESTART);
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) {
    usleep(50000);
    kill(parent, SIGUSR1);
    _exit(0);
  }
  struct timespec wanted = {1, 0}, left = {0, 0};
  int r = nanosleep(&wanted, &left);
  printf("nanosleep %d %s left %d\n", r, r ? strerrorname_np(errno) : "", left.tv_nsec > 0);
  waitpid(child, 0, 0);
  child = fork();
  if (child == 0) {
    usleep(50000);
    kill(parent, SIGSTOP);
    usleep(50000);
    kill(parent, SIGCONT);
    _exit(0);
  }
  wanted = (struct timespec){0, 200000000};
  r = nanosleep(&wanted, &left);
  printf("nanosleep over a stop %d\n", r);
}

static void errors(void) {
  struct sigaction sa = {0};
  int r = sigaction(SIGKILL, &sa, 0);
  printf("kill action %d %s\n", r, strerrorname_np(errno));
  r = kill(999999, 0);
  printf("nobody %d %s\n", r, strerrorname_np(errno));
  r = kill(getpid(), 65);
  printf("no signal %d %s\n", r, strerrorname_np(errno));
  r = syscall(SYS_rt_sigprocmask, 0, 0, 0, 4);
  printf("size %d %s\n", r, strerrorname_np(errno));
  r = syscall(SYS_rt_sigaction, 10, 8, 0, 8);
  printf("fault %d %s\n", r, strerrorname_np(errno));
  r = syscall(SYS_rt_sigpending, 0, 9);
  printf("pending %d %s\n", r, strerrorname_np(errno));
  siginfo_t info = {.si_code = SI_KERNEL};
  pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  r = syscall(SYS_rt_sigqueueinfo, child, 10, &info);
  printf("forged %d %s\n", r, strerrorname_np(errno));
  kill(child, SIGKILL);
  r = syscall(SYS_tgkill, 0, 1, 0);
  printf("tgkill %d %s\n", r, strerrorname_np(errno));
}

static void show_record(int fd) {
  struct signalfd_siginfo i[4];
  long n = read(fd, i, sizeof i);
  if (n < 0) printf("read %s\n", strerrorname_np(errno));
  for (int k = 0; k < n / (long)sizeof i[0]; k++)
    printf("signal %d code %d pid %d status %d int %d\n", i[k].ssi_signo, i[k].ssi_code,
           i[k].ssi_pid == getpid(), i[k].ssi_status, i[k].ssi_int);
}

static void descriptors(void) {
  sigset_t s = set(SIGUSR1);
  sigaddset(&s, SIGCHLD);
  sigaddset(&s, SIGRTMIN);
  sigprocmask(SIG_BLOCK, &s, 0);
  int fd = signalfd(-1, &s, SFD_NONBLOCK | SFD_CLOEXEC);
  printf("flags %x %x\n", fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
  show_record(fd);
  kill(getpid(), SIGUSR1);
  union sigval v = {.sival_int = 5};
  sigqueue(getpid(), SIGRTMIN, v);
  v.sival_int = 6;
  sigqueue(getpid(), SIGRTMIN, v);
  struct pollfd p = {fd, POLLIN};
  printf("poll %d %x\n", poll(&p, 1, 0), p.revents);
  show_record(fd);
  printf("poll %d\n", poll(&p, 1, 0));
  fcntl(fd, F_SETFL, 0);
  if (fork() == 0) _exit(9);
  show_record(fd);
  wait(0);
  int ep = epoll_create1(0);
  struct epoll_event e = {.events = EPOLLIN};
  epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
  pid_t parent = getpid();
  if (fork() == 0) {
    usleep(20000);
    kill(parent, SIGUSR1);
    _exit(0);
  }
  int r = epoll_wait(ep, &e, 1, 5000);
  printf("epoll %d %x\n", r, e.events);
  struct signalfd_siginfo i;
  printf("short %ld %s\n", read(fd, &i, 100), strerrorname_np(EINVAL));
  read(fd, &i, sizeof i);
  printf("signal %d\n", i.ssi_signo);
  s = set(SIGUSR2);
  printf("again %d\n", signalfd(fd, &s, 0) == fd);
  r = signalfd(0, &s, 0);
  printf("no signalfd %d %s\n", r, strerrorname_np(errno));
  r = signalfd(-1, &s, 1);
  printf("flags %d %s\n", r, strerrorname_np(errno));
}

static int ordered[8], orders;

static void note_order(int sig, siginfo_t *info, void *context) { ordered[orders++] = sig; }

static void order(void) {
  int sigs[] = {SIGTERM, SIGRTMIN + 1, SIGUSR1, SIGSEGV, SIGHUP};
  sigset_t all;
  sigfillset(&all);
  for (int i = 0; i < 5; i++) {
    struct sigaction sa = {0};
    sa.sa_sigaction = note_order;
    sa.sa_flags = SA_SIGINFO;
    sa.sa_mask = all;
    sigaction(sigs[i], &sa, 0);
    block(sigs[i]);
  }
  for (int i = 0; i < 5; i++) kill(getpid(), sigs[i]);
  sigset_t none = set(0);
  sigprocmask(SIG_SETMASK, &none, 0);
  for (int i = 0; i < orders; i++) printf("%d ", ordered[i]);
  printf("\n");
}

int main(int argc, char **argv) {
  char *name = argc > 1 ? argv[1] : "";
  setvbuf(stdout, 0, _IOLBF, 4096);
#define CASE(f) if (!strcmp(name, #f)) { f(); return 0; }
  CASE(handlers) CASE(queues) CASE(nesting) CASE(restarting) CASE(faults) CASE(exceptions)
  CASE(context_changes) CASE(floating_point) CASE(stacks) CASE(waits) CASE(children) CASE(pipes)
  CASE(threads) CASE(executed) CASE(sleeping) CASE(errors) CASE(order) CASE(descriptors)
  if (!strcmp(name, "inheritance")) inheritance(argv[0]);
  return 99;
}
