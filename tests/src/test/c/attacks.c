// A program that means harm. Arguments: the name of an attack, the path of a file on the host that is no part of the
// sandbox, the pid of a process of the host, and the name of an abstract socket of the host. It makes the attack in a
// child, and says how the child ended: "held" when it did not get what it wanted, or what it got.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { WON = 42, PAGE = 4096, BITS_32 = 0x23 };

// Where systrap keeps what is its own (platform/src/main/c/systrap/layout.h).
#define VDSO 0x7fdf00000000UL
#define STUB 0x7fe000000000UL
#define STUB_END 0x7fe000100000UL
#define SLOTS 0x7fe100000000UL

static const char *canary, *host_socket;
static pid_t host_pid;
static char *secret; // a page of this process alone; others have other words in theirs

static _Noreturn void won(const char *what) {
  printf("BROKEN: %s\n", what);
  fflush(stdout);
  _exit(WON);
}

static void must_fail(long result, const char *what) {
  if (result >= 0) won(what);
}

static __thread sigjmp_buf back;
static void on_signal(int number) { siglongjmp(back, number); }

static void survive_signals(void) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_NODEFER | SA_ONSTACK};
  static char stack[1 << 16];
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&other, NULL);
  for (int number = 1; number < 32; number++)
    if (number != SIGCHLD) sigaction(number, &action, NULL);
}

// The host's file, by a system call that the platform is to catch wherever it is made.
static void try_path(const char *path) {
  char byte;
  int fd = open(path, O_RDONLY);
  if (fd >= 0 && read(fd, &byte, 1) == 1) won(path);
  if (fd >= 0) close(fd);
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

// --- jumping into the stub

static long at_address(uint64_t instruction, long number, const long *a) {
  // The instructions behind a borrowed "syscall" belong to somebody else: whatever comes of them ends in a signal.
  register long r10 __asm__("r10") = a[3];
  register long r8 __asm__("r8") = a[4];
  register long r9 __asm__("r9") = a[5];
  long result;
  __asm__ volatile("call *%[to]"
                   : "=a"(result)
                   : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9), [to] "b"(instruction)
                   : "rcx", "r11", "memory");
  return result;
}

static void (*check_prize)(void);

// The thread that jumped may be lost in the middle of a loop of somebody else's.
static void *look_later(void *unused) {
  struct timespec little = {0, 100000000};
  (void)unused;
  nanosleep(&little, NULL);
  check_prize();
  _exit(0);
}

// Calls every syscall instruction of the stub, each in a process of its own, since most end it.
static void every_instruction(long number, const long *arguments, void (*check)(void)) {
  check_prize = check;
  static volatile uint64_t at;
  int found = 0;
  for (at = STUB; at < STUB + (1 << 16); at++) {
    if (sigsetjmp(back, 1)) {
      at |= PAGE - 1;
      continue;
    }
    const volatile uint8_t *text = (const uint8_t *)at;
    if (text[0] != 0x0f || text[1] != 0x05) continue;
    found++;
    uint64_t instruction = at;
    pid_t child = fork();
    if (child == 0) {
      pthread_t thread;
      pthread_create(&thread, NULL, look_later, NULL);
      if (!sigsetjmp(back, 1)) at_address(instruction, number, arguments);
      check();
      _exit(0);
    }
    int status;
    if (waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == WON) _exit(WON);
  }
  if (found == 0) won("no syscall instruction found: the attack attacks nothing");
}

static void read_any(void) {
  char byte;
  for (int fd = 3; fd < 64; fd++)
    if (syscall(SYS_pread64, fd, &byte, 1, 0) == 1 && byte == 'C') won("read the host's file");
}

static void nothing(void) {}

static void stub_open(void) {
  every_instruction(SYS_openat, (long[6]){AT_FDCWD, (long)canary, O_RDWR}, read_any);
  every_instruction(SYS_open, (long[6]){(long)canary, O_RDONLY}, read_any);
}
static void stub_exec(void) {
  const char *words[] = {canary, NULL};
  every_instruction(SYS_execve, (long[6]){(long)canary, (long)words, 0}, nothing);
}
static void stub_kill(void) {
  every_instruction(SYS_kill, (long[6]){host_pid, SIGKILL}, nothing);
  every_instruction(SYS_tgkill, (long[6]){host_pid, host_pid, SIGKILL}, nothing);
}
static void stub_calls(void) { // others that would be worth it
  static const long numbers[] = {
      SYS_openat2, SYS_socket, SYS_sendmsg, SYS_ptrace, SYS_process_vm_readv, SYS_clone3, SYS_execveat,
      SYS_mount, SYS_setns, SYS_io_uring_setup, SYS_ioctl, SYS_seccomp, SYS_dup2,
  };
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
    every_instruction(numbers[i], (long[6]){3, (long)canary, O_RDWR, 7, 0, 0}, read_any);
}

// Replaces the platform's own memory, its filter's idea of where trusted calls come from.
static void stub_remap(void) {
  every_instruction(SYS_mmap, (long[6]){STUB, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED | MAP_FIXED, 4, 0}, nothing);
  every_instruction(SYS_mprotect, (long[6]){STUB, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC}, nothing);
  every_instruction(SYS_munmap, (long[6]){STUB, STUB_END - STUB}, nothing);
}

// --- other processes' memory through the stub's descriptors

static uint64_t view = 0x10000000000UL;

static volatile int *mapped;

static void look(void) {
  int fault = sigsetjmp(back, 1);
  if (fault != SIGSEGV) *mapped = 1; // if with nothing behind it
  if (fault) return;
  if (memcmp((char *)view, "another process's secret", 24) == 0) won("read another process's memory");
}

static void stub_foreign(void) {
  mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (int fd = 3; fd < 6; fd++)
    every_instruction(SYS_mmap, (long[6]){view, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, (long)secret}, look);
  if (!*mapped) won("nothing mapped: the attack attacks nothing");
}

// --- the slots that the Sentry and the stub share

static volatile int stop;

static void *scribble(void *unused) {
  uint64_t state = 88172645463325252UL;
  (void)unused;
  for (;;) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    // most often in the words that are handed to and fro, at the start of the first slots
    uint64_t at = SLOTS + (state >> 8) % 4 * 0x20000 + ((state & 0xff) < 200 ? state % 256 : (state >> 20) % 0x20000);
    if (!sigsetjmp(back, 1)) *(volatile uint32_t *)(at & ~3UL) = state & 1 ? (uint32_t)(state >> 32) : (uint32_t)(state >> 40) % 12;
  }
  return NULL;
}

static void slots(void) {
  for (int i = 0; i < 40; i++) {
    pid_t child = fork();
    if (child == 0) {
      pthread_t thread;
      alarm(1);
      signal(SIGALRM, SIG_DFL);
      pthread_create(&thread, NULL, scribble, NULL);
      for (;;) {
        try_path(canary);
        syscall(SYS_getppid);
        free(malloc(1 << 20));
      }
    }
    struct timespec little = {0, 50000000};
    nanosleep(&little, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
  }
}

// --- other ways into the kernel

static char *low_memory(void) {
  char *low = mmap((void *)0x10000000, 3 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (low == MAP_FAILED) exit(3);
  strcpy(low + PAGE, canary);
  return low;
}

static void int80(void) {
  char *low = low_memory();
  long result = -1;
  if (!sigsetjmp(back, 1)) __asm__ volatile("int $0x80" : "=a"(result) : "a"(5), "b"(low + PAGE), "c"(0), "d"(0) : "memory");
  must_fail(result, "int 0x80");
}

static void compatibility_mode(void) {
  char *low = low_memory();
  struct {
    uint32_t offset;
    uint16_t segment;
  } __attribute__((packed)) far = {(uint32_t)(uintptr_t)low, BITS_32};
  static const uint8_t code[] = {0xb8, 5, 0, 0, 0, 0xcd, 0x80, 0x89, 0xc1, 0xf4}; // open, then a fault
  memcpy(low, code, sizeof code);
  if (!sigsetjmp(back, 1)) __asm__ volatile("ljmp *%0" ::"m"(far), "b"(low + PAGE), "c"(0), "d"(0) : "memory");
  read_any();
}

static void sysenter(void) {
  char *low = low_memory();
  if (!sigsetjmp(back, 1)) __asm__ volatile("sysenter" ::"a"(5), "b"(low + PAGE), "c"(0), "d"(0) : "memory");
  read_any();
}

static void vsyscall(void) {
  if (!sigsetjmp(back, 1)) ((long (*)(void *))0xffffffffff600400UL)(NULL); // time
}

#define PRIVILEGED(text)                          \
  do {                                            \
    if (!sigsetjmp(back, 1)) {                    \
      __asm__ volatile(text ::: "rax", "rcx", "rdx", "memory"); \
      won(text);                                  \
    }                                             \
  } while (0)

static void privileged(void) {
  PRIVILEGED("hlt");
  PRIVILEGED("cli");
  PRIVILEGED("mov $0x70,%%edx; out %%al,%%dx");
  PRIVILEGED("mov $0x70,%%edx; in %%dx,%%al");
  PRIVILEGED("mov $0xc0000082,%%ecx; rdmsr");
  PRIVILEGED("mov $0xc0000082,%%ecx; wrmsr");
  PRIVILEGED("mov %%cr3,%%rax");
  PRIVILEGED("mov %%rax,%%cr3");
  PRIVILEGED("xor %%eax,%%eax; mov %%rax,%%dr7");
  PRIVILEGED("lgdt (%%rsp)");
  PRIVILEGED("lidt (%%rsp)");
  PRIVILEGED("invd");
  PRIVILEGED("wbinvd");
  PRIVILEGED("swapgs");
  PRIVILEGED("clts");
  PRIVILEGED("mov $0x33,%%eax; ltr %%ax");
}

static void segments(void) {
  static const uint16_t selectors[] = {0, 1, 3, 7, 0xf, 0x23, 0x2b, 0x33, 0x3b, 0x43, 0x53, 0x63, 0x6b, 0xfff8, 0xffff};
  for (unsigned i = 0; i < sizeof selectors / sizeof *selectors; i++) {
    if (!sigsetjmp(back, 1)) __asm__ volatile("mov %0,%%es; mov %0,%%ds" ::"r"(selectors[i]));
    pid_t child = fork(); // without its segment of thread-local storage it may not get far
    if (child == 0) {
      alarm(2);
      if (!sigsetjmp(back, 1)) __asm__ volatile("mov %0,%%gs" ::"r"(selectors[i]));
      try_path(canary);
      if (!sigsetjmp(back, 1)) __asm__ volatile("wrgsbase %0" ::"r"(SLOTS + i * 0x20000UL));
      try_path(canary);
      if (!sigsetjmp(back, 1)) __asm__ volatile("mov %0,%%fs" ::"r"(selectors[i]));
      syscall(SYS_openat, AT_FDCWD, canary, O_RDONLY);
      _exit(0);
    }
    waitpid(child, NULL, 0);
  }
  must_fail(syscall(SYS_modify_ldt, 1, (int[4]){0, 0, 0xfffff, 0x7f}, 16), "modify_ldt");
  must_fail(syscall(SYS_ioperm, 0x70, 1, 1), "ioperm");
  must_fail(syscall(SYS_iopl, 3), "iopl");
}

// Everything that the platform put beside the application: not to be written, or harmless when it is.
static void platform_text(void) {
  static volatile uint64_t at;
  for (at = VDSO; at < VDSO + (1 << 20); at += PAGE) {
    if (!sigsetjmp(back, 1)) {
      *(volatile char *)at = (char)0xcc;
      won("wrote to the vdso");
    }
  }
  for (at = STUB; at < STUB + 0x10000; at += PAGE) {
    if (!sigsetjmp(back, 1)) {
      *(volatile char *)at = (char)0xcc;
      won("wrote to the stub's text");
    }
  }
  must_fail(mprotect((void *)STUB, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC), "mprotect of the stub");
  must_fail(munmap((void *)STUB, PAGE), "munmap of the stub");
  must_fail((long)mmap((void *)STUB, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == -1 ? -1 : 0, "mmap over the stub");
}

static void tracing(void) {
  must_fail(syscall(SYS_ptrace, PTRACE_ATTACH, host_pid, 0, 0), "ptrace of a process of the host");
  char byte;
  struct iovec local = {&byte, 1}, remote = {(void *)0x400000, 1};
  must_fail(process_vm_readv(host_pid, &local, 1, &remote, 1, 0), "process_vm_readv of the host");
  must_fail(kill(host_pid, SIGKILL), "kill of a process of the host");
  must_fail(syscall(SYS_pidfd_open, host_pid, 0), "pidfd_open of a process of the host");
}

// --- ways out of the root

static void roots(void) {
  char path[8192] = "";
  for (int i = 0; i < 64; i++) strcat(path, "/..");
  strcat(path, canary);
  try_path(canary);
  try_path(path);
  symlink(path, "/tmp/out"), try_path("/tmp/out");
  symlink("/proc/self/root/../../..", "/tmp/up");
  snprintf(path, sizeof path, "/tmp/up%s", canary), try_path(path);
  static const char *const magic[] = {"/proc/1/root", "/proc/self/root", "/proc/self/cwd", "/proc/self/fd/3", "/proc/1/cwd",
                                      "/proc/self/task/1/root", "/dev/fd/3", "/proc/thread-self/root/.."};
  open("/", O_PATH | O_DIRECTORY);
  for (unsigned i = 0; i < sizeof magic / sizeof *magic; i++) {
    snprintf(path, sizeof path, "%s/../../../..%s", magic[i], canary), try_path(path);
    snprintf(path, sizeof path, "%s%s", magic[i], canary), try_path(path);
  }
  // chroot's old hole: a directory that is open outside of the new root
  int outside = open("/", O_RDONLY | O_DIRECTORY);
  mkdir("/tmp/jail", 0777);
  if (chroot("/tmp/jail") == 0) {
    fchdir(outside);
    for (int i = 0; i < 64; i++) chdir("..");
    chroot(".");
    try_path(canary);
  }
  for (int i = 0; i < 64; i++) try_path(canary), chdir("..");
  try_path(canary + 1);
}

static void *rename_to_and_fro(void *unused) {
  (void)unused;
  while (!stop) {
    rename("/tmp/a/b", "/tmp/c"), rename("/tmp/c", "/tmp/a/b");
    unlink("/tmp/swap"), symlink("/..", "/tmp/swap"), unlink("/tmp/swap"), mkdir("/tmp/swap", 0777), rmdir("/tmp/swap");
  }
  return NULL;
}

static void races(void) {
  char up[8192] = "/tmp/a/b/d", swap[8192];
  pthread_t thread;
  mkdir("/tmp/a", 0777), mkdir("/tmp/a/b", 0777), mkdir("/tmp/a/b/d", 0777);
  pthread_create(&thread, NULL, rename_to_and_fro, NULL);
  for (int i = 0; i < 12; i++) strcat(up, "/..");
  strcat(up, canary);
  snprintf(swap, sizeof swap, "/tmp/swap/../../..%s", canary);
  for (double end = seconds() + 1; seconds() < end;) try_path(up), try_path(swap);
  stop = 1;
  pthread_join(thread, NULL);
}

static void devices(void) {
  static const struct {
    int type, major, minor;
  } nodes[] = {{S_IFCHR, 1, 1}, {S_IFCHR, 1, 2}, {S_IFCHR, 1, 4}, {S_IFCHR, 1, 11}, {S_IFCHR, 10, 232}, {S_IFCHR, 10, 200},
               {S_IFCHR, 10, 229}, {S_IFBLK, 8, 0}, {S_IFBLK, 254, 0}, {S_IFBLK, 259, 0}, {S_IFBLK, 7, 0}, {S_IFCHR, 4, 0}};
  char byte;
  for (unsigned i = 0; i < sizeof nodes / sizeof *nodes; i++) {
    unlink("/tmp/node");
    mknod("/tmp/node", nodes[i].type | 0666, makedev(nodes[i].major, nodes[i].minor));
    int fd = open("/tmp/node", O_RDWR | O_NONBLOCK);
    if (fd >= 0 && read(fd, &byte, 1) == 1) won("read a device of the host");
    if (fd >= 0 && nodes[i].type == S_IFBLK) won("opened a block device");
  }
  must_fail(open("/dev/kvm", O_RDWR), "/dev/kvm");
  must_fail(open("/dev/mem", O_RDWR), "/dev/mem");
}

static void namespaces(void) {
  static const char *const names[] = {"mnt", "net", "pid", "user", "ipc", "uts", "cgroup"};
  char path[256];
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf(path, sizeof path, "/proc/1/ns/%s", names[i]);
    int fd = open(path, O_RDONLY);
    if (fd >= 0) setns(fd, 0);
    try_path(canary);
  }
  unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET), try_path(canary);
  mkdir("/tmp/m", 0777);
  mount("/", "/tmp/m", NULL, MS_BIND | MS_REC, NULL), mount("none", "/tmp/m", "proc", 0, NULL);
  snprintf(path, sizeof path, "/tmp/m%s", canary), try_path(path);
  mount("/dev/vda", "/tmp/m", "ext4", 0, NULL), try_path(path);
  snprintf(path, sizeof path, "/tmp/m/%d/root%s", (int)host_pid, canary), try_path(path);
  syscall(SYS_pivot_root, "/tmp/m", "/tmp/m"), try_path(canary);
}

static void host_sockets(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strcpy(address.sun_path + 1, host_socket);
  socklen_t size = offsetof(struct sockaddr_un, sun_path) + 1 + strlen(host_socket);
  must_fail(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, size), "connected to an abstract socket of the host");
  strcpy(address.sun_path, "/run/docker.sock");
  must_fail(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, sizeof address), "connected to Docker");
  must_fail(socket(AF_PACKET, SOCK_RAW, 0), "packet socket");
}

static const struct {
  const char *name;
  void (*attack)(void);
} attacks[] = {
    {"stub-open", stub_open},   {"stub-exec", stub_exec},       {"stub-kill", stub_kill}, {"stub-calls", stub_calls},
    {"stub-remap", stub_remap}, {"stub-foreign", stub_foreign}, {"slots", slots},         {"int80", int80},
    {"compatibility-mode", compatibility_mode}, {"sysenter", sysenter}, {"vsyscall", vsyscall},
    {"privileged", privileged}, {"segments", segments},         {"platform-text", platform_text}, {"tracing", tracing},
    {"roots", roots},           {"races", races},               {"devices", devices},     {"namespaces", namespaces},
    {"host-sockets", host_sockets},
};

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  canary = argv[2], host_pid = atoi(argv[3]), host_socket = argv[4];
  secret = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  strcpy(secret, "nothing yet");
  for (unsigned i = 0; i < sizeof attacks / sizeof *attacks; i++) {
    if (strcmp(argv[1], attacks[i].name) != 0) continue;
    int go[2], status;
    if (pipe(go)) return 3;
    pid_t child = fork();
    if (child == 0) {
      char byte;
      close(go[1]);
      if (read(go[0], &byte, 1) != 1) return 3;
      survive_signals();
      attacks[i].attack();
      _exit(0);
    }
    strcpy(secret, "another process's secret");
    if (write(go[1], "", 1) != 1 || waitpid(child, &status, 0) != child) return 3;
    if (WIFEXITED(status) && WEXITSTATUS(status) == WON) return 1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) puts("held");
    else if (WIFSIGNALED(status)) printf("held: signal %d\n", WTERMSIG(status));
    else printf("ended with %#x\n", status);
    return 0;
  }
  return 2;
}
