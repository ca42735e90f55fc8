// Times small operations of the kernel. Prints a line for each: its name and the nanoseconds of one, the median of several
// rounds after a warm-up. Arguments: the seconds that each operation may take, a directory to make files in, and names.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 9 };

static const char *self;
static char path[4096];
static int file, ends[2][2];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void need(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
  }
}

static void getppid_once(void) { syscall(SYS_getppid); }
static void getpid_once(void) { syscall(SYS_getpid); }

static void clock_once(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
}

static char small[64];
static void pread_once(void) { need(pread(file, small, sizeof small, 128) == sizeof small, "pread"); }
static void pwrite_once(void) { need(pwrite(file, small, sizeof small, 128) == sizeof small, "pwrite"); }

static char large[64 << 10];
static void pread_large(void) { need(pread(file, large, sizeof large, 0) == sizeof large, "pread"); }

static void stat_once(void) {
  struct stat s;
  need(stat(path, &s) == 0, "stat");
}

static void open_once(void) {
  int fd = open(path, O_RDONLY);
  need(fd >= 0, "open");
  close(fd);
}

static void read_null(void) {
  static int fd = -1;
  if (fd < 0) fd = open("/dev/zero", O_RDONLY);
  need(read(fd, small, sizeof small) == sizeof small, "read");
}

static void map_once(void) {
  char *p = mmap(NULL, 64 << 10, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  need(p != MAP_FAILED, "mmap");
  for (int i = 0; i < 64 << 10; i += 4096) p[i] = 1;
  munmap(p, 64 << 10);
}

static void caught(int signal) { (void)signal; }
static void signal_once(void) { syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1); }

static void fork_once(void) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  need(child > 0 && waitpid(child, NULL, 0) == child, "fork");
}

static void spawn_once(void) { // as vfork and exec
  char *const words[] = {(char *)self, "--nothing", NULL};
  char *const none[] = {NULL};
  pid_t child;
  need(posix_spawn(&child, self, NULL, NULL, words, none) == 0, "posix_spawn");
  need(waitpid(child, NULL, 0) == child, "waitpid");
}

static void *nothing(void *p) { return p; }
static void thread_once(void) {
  pthread_t thread;
  need(pthread_create(&thread, NULL, nothing, NULL) == 0, "pthread_create");
  pthread_join(thread, NULL);
}

// A partner that answers everything, in a thread or a process.
static void *echo(void *unused) {
  char byte;
  (void)unused;
  while (read(ends[0][0], &byte, 1) == 1)
    if (write(ends[1][1], &byte, 1) != 1) break;
  return NULL;
}

static void ping(void) {
  char byte = 1;
  need(write(ends[0][1], &byte, 1) == 1 && read(ends[1][0], &byte, 1) == 1, "ping");
}

static pid_t partner;

static void pipes(void) {
  if (partner > 0) {
    close(ends[0][1]), close(ends[1][0]);
    waitpid(partner, NULL, 0);
    partner = 0;
  }
  need(pipe2(ends[0], O_CLOEXEC) == 0 && pipe2(ends[1], O_CLOEXEC) == 0, "pipe");
}

static void start_thread(void) {
  pthread_t thread;
  pipes();
  need(pthread_create(&thread, NULL, echo, NULL) == 0, "pthread_create");
  pthread_detach(thread);
}

static void start_process(void) {
  pipes();
  partner = fork();
  if (partner == 0) {
    close(ends[0][1]), close(ends[1][0]);
    echo(NULL);
    _exit(0);
  }
  close(ends[0][0]), close(ends[1][1]);
}

static uint32_t turn;
static void futex(int op, uint32_t value) { syscall(SYS_futex, &turn, op | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0); }
static void *futex_echo(void *unused) {
  (void)unused;
  for (;;) {
    while (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) == 0) futex(FUTEX_WAIT, 0);
    __atomic_store_n(&turn, 0, __ATOMIC_SEQ_CST);
    futex(FUTEX_WAKE, 1);
  }
  return NULL;
}
static void start_futex(void) {
  pthread_t thread;
  need(pthread_create(&thread, NULL, futex_echo, NULL) == 0, "pthread_create");
  pthread_detach(thread);
}
static void futex_ping(void) {
  __atomic_store_n(&turn, 1, __ATOMIC_SEQ_CST);
  futex(FUTEX_WAKE, 1);
  while (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) == 1) futex(FUTEX_WAIT, 1);
}

static void catch_signals(void) { signal(SIGUSR1, caught); }

static const struct row {
  const char *name;
  void (*once)(void);
  void (*before)(void);
} rows[] = {
    {"getppid", getppid_once, NULL},
    {"getpid", getpid_once, NULL},
    {"clock_gettime", clock_once, NULL},
    {"pread_64", pread_once, NULL},
    {"pwrite_64", pwrite_once, NULL},
    {"pread_64k", pread_large, NULL},
    {"read_zero_64", read_null, NULL},
    {"stat", stat_once, NULL},
    {"open_close", open_once, NULL},
    {"mmap_touch_munmap_64k", map_once, NULL},
    {"signal", signal_once, catch_signals},
    {"futex_ping_pong", futex_ping, start_futex},
    {"pipe_ping_pong_threads", ping, start_thread},
    {"pipe_ping_pong_processes", ping, start_process},
    {"thread_create_join", thread_once, NULL},
    {"fork_wait", fork_once, NULL},
    {"vfork_exec_wait", spawn_once, NULL},
};

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double measure(const struct row *row, double nanoseconds) {
  if (row->before) row->before();
  long times = 1;
  for (double end = now() + nanoseconds / 4; now() < end;) row->once(); // warm-up
  for (double taken = 0; taken < nanoseconds / 40; times *= 2) {
    double start = now();
    for (long i = 0; i < times; i++) row->once();
    taken = now() - start;
  }
  double each[ROUNDS], limit = now() + nanoseconds;
  int rounds = 0;
  while (rounds < ROUNDS && (rounds < 3 || now() < limit)) {
    double start = now();
    for (long i = 0; i < times; i++) row->once();
    each[rounds++] = (now() - start) / times;
  }
  qsort(each, rounds, sizeof *each, ascending);
  return each[rounds / 2];
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--nothing") == 0) return 0;
  if (argc < 3) {
    fprintf(stderr, "usage: micro SECONDS DIRECTORY [ROW...]\n");
    return 2;
  }
  self = argv[0];
  snprintf(path, sizeof path, "%s/bench.%d", argv[2], getpid());
  file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  need(file >= 0, path);
  need(write(file, large, sizeof large) == sizeof large, "write");
  for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
    int wanted = argc == 3;
    for (int a = 3; a < argc; a++) wanted |= strcmp(argv[a], rows[i].name) == 0;
    if (!wanted) continue;
    printf("%s %.1f\n", rows[i].name, measure(&rows[i], atof(argv[1]) * 1e9));
    fflush(stdout);
  }
  unlink(path);
  if (partner > 0) kill(partner, SIGKILL);
  return 0;
}
