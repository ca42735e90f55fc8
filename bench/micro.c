// Times small operations of the kernel. Prints a line for each: its name and the nanoseconds of one, the median of several
// rounds after a warm-up. Arguments: the seconds that each operation may take, a directory to make files in, another in
// memory, and names.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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
static char path[4096], other[4200];
static int file, memory, ends[2][2];

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
static void pwrite_large(void) { need(pwrite(file, large, sizeof large, 0) == sizeof large, "pwrite"); }
static void pread_memory(void) { need(pread(memory, small, sizeof small, 128) == sizeof small, "pread"); }
static void pwrite_memory(void) { need(pwrite(memory, small, sizeof small, 128) == sizeof small, "pwrite"); }
static void pread_large_memory(void) { need(pread(memory, large, sizeof large, 0) == sizeof large, "pread"); }
static void pwrite_large_memory(void) { need(pwrite(memory, large, sizeof large, 0) == sizeof large, "pwrite"); }

static void stat_once(void) {
  struct stat s;
  need(stat(path, &s) == 0, "stat");
}

static void open_once(void) {
  int fd = open(path, O_RDONLY);
  need(fd >= 0, "open");
  close(fd);
}

static void create_once(void) {
  int fd = open(other, O_WRONLY | O_CREAT | O_EXCL, 0600);
  need(fd >= 0 && close(fd) == 0 && unlink(other) == 0, "create");
}

static char many[4200];
enum { MANY = 1000 };
static void every_file(int there) {
  char name[4300];
  need(there ? mkdir(many, 0700) == 0 : 1, "mkdir");
  for (int i = 0; i < MANY; i++) {
    snprintf(name, sizeof name, "%s/file-%d", many, i);
    need(there ? close(open(name, O_WRONLY | O_CREAT, 0600)) == 0 : unlink(name) == 0, name);
  }
  need(there ? 1 : rmdir(many) == 0, "rmdir");
}
static void make_files(void) { every_file(1); }
static void remove_files(void) { every_file(0); }
static void readdir_once(void) {
  DIR *directory = opendir(many);
  int count = 0;
  while (readdir(directory)) count++;
  closedir(directory);
  need(count == MANY + 2, "readdir");
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

// One first touch of a page in a large mapping, which is renewed when all of it has been touched.
static void fault_once(void) {
  enum { SIZE = 8 << 20 };
  static char *start;
  static int at = SIZE;
  if (at == SIZE) {
    if (start) munmap(start, SIZE);
    start = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(start != MAP_FAILED && madvise(start, SIZE, MADV_NOHUGEPAGE) == 0, "mmap");
    at = 0;
  }
  start[at] = 1;
  at += 4096;
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

static uint32_t own, *turn = &own;
static int scope = FUTEX_PRIVATE_FLAG;
static void futex(int op, uint32_t value) { syscall(SYS_futex, turn, op | scope, value, NULL, NULL, 0); }
static void *futex_echo(void *unused) {
  (void)unused;
  for (;;) {
    while (__atomic_load_n(turn, __ATOMIC_SEQ_CST) == 0) futex(FUTEX_WAIT, 0);
    __atomic_store_n(turn, 0, __ATOMIC_SEQ_CST);
    futex(FUTEX_WAKE, 1);
  }
  return NULL;
}
static void start_futex_process(void) {
  turn = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  need(turn != MAP_FAILED, "mmap");
  scope = 0;
  partner = fork();
  if (partner == 0) futex_echo(NULL);
}
static void end_partner(void) {
  kill(partner, SIGKILL);
  waitpid(partner, NULL, 0);
  partner = 0;
}
static void start_futex(void) {
  pthread_t thread;
  need(pthread_create(&thread, NULL, futex_echo, NULL) == 0, "pthread_create");
  pthread_detach(thread);
}
static void futex_ping(void) {
  __atomic_store_n(turn, 1, __ATOMIC_SEQ_CST);
  futex(FUTEX_WAKE, 1);
  while (__atomic_load_n(turn, __ATOMIC_SEQ_CST) == 1) futex(FUTEX_WAIT, 1);
}

// A connected pair of stream sockets, at whose other end a process answers every byte, or throws everything away.
static void become_partner(int fd, int answers) {
  partner = fork();
  if (partner) return;
  close(file), close(memory);
  for (;;) {
    ssize_t n = read(fd, large, sizeof large);
    if (n <= 0 || (answers && write(fd, large, n) != n)) _exit(0);
  }
}
static int stream;
static void local_pair(int answers) {
  int pair[2];
  need(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, "socketpair");
  become_partner(pair[1], answers);
  close(pair[1]);
  stream = pair[0];
}
static void inet_pair(int answers) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  need(bind(listener, (void *)&address, size) == 0 && listen(listener, 1) == 0, "bind");
  getsockname(listener, (void *)&address, &size);
  stream = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  need(connect(stream, (void *)&address, size) == 0, "connect");
  int far = accept(listener, NULL, NULL);
  need(far >= 0, "accept");
  setsockopt(stream, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  close(listener);
  become_partner(far, answers);
  close(far);
}
static void unix_answers(void) { local_pair(1); }
static void unix_takes(void) { local_pair(0); }
static void tcp_answers(void) { inet_pair(1); }
static void tcp_takes(void) { inet_pair(0); }
static void stream_ping(void) {
  char byte = 1;
  need(write(stream, &byte, 1) == 1 && read(stream, &byte, 1) == 1, "ping");
}
static void stream_send(void) { need(write(stream, large, sizeof large) == sizeof large, "send"); }
static void end_stream(void) {
  close(stream);
  end_partner();
}

// A thread that waits in epoll_wait for one pipe and answers by another.
static void *epoll_echo(void *unused) {
  struct epoll_event event = {.events = EPOLLIN};
  char byte;
  int set = epoll_create1(EPOLL_CLOEXEC);
  (void)unused;
  need(epoll_ctl(set, EPOLL_CTL_ADD, ends[0][0], &event) == 0, "epoll_ctl");
  while (epoll_wait(set, &event, 1, -1) == 1)
    if (read(ends[0][0], &byte, 1) != 1 || write(ends[1][1], &byte, 1) != 1) break;
  return NULL;
}
static void start_epoll(void) {
  pthread_t thread;
  pipes();
  need(pthread_create(&thread, NULL, epoll_echo, NULL) == 0, "pthread_create");
  pthread_detach(thread);
}

static void catch_signals(void) { signal(SIGUSR1, caught); }

static const struct row {
  const char *name;
  void (*once)(void);
  void (*before)(void);
  void (*after)(void);
} rows[] = {
    {"getppid", getppid_once, NULL, NULL},
    {"getpid", getpid_once, NULL, NULL},
    {"clock_gettime", clock_once, NULL, NULL},
    {"pread_64", pread_once, NULL, NULL},
    {"pwrite_64", pwrite_once, NULL, NULL},
    {"pread_64k", pread_large, NULL, NULL},
    {"pwrite_64k", pwrite_large, NULL, NULL},
    {"pread_64_tmpfs", pread_memory, NULL, NULL},
    {"pwrite_64_tmpfs", pwrite_memory, NULL, NULL},
    {"pread_64k_tmpfs", pread_large_memory, NULL, NULL},
    {"pwrite_64k_tmpfs", pwrite_large_memory, NULL, NULL},
    {"read_zero_64", read_null, NULL, NULL},
    {"stat", stat_once, NULL, NULL},
    {"open_close", open_once, NULL, NULL},
    {"readdir_1000", readdir_once, make_files, remove_files},
    {"create_unlink", create_once, NULL, NULL},
    {"mmap_touch_munmap_64k", map_once, NULL, NULL},
    {"page_fault", fault_once, NULL, NULL},
    {"signal", signal_once, catch_signals, NULL},
    {"futex_ping_pong", futex_ping, start_futex, NULL},
    {"futex_ping_pong_processes", futex_ping, start_futex_process, end_partner},
    {"pipe_ping_pong_threads", ping, start_thread, NULL},
    {"pipe_ping_pong_processes", ping, start_process, NULL},
    {"epoll_wake", ping, start_epoll, NULL},
    {"unix_ping_pong", stream_ping, unix_answers, end_stream},
    {"tcp_ping_pong", stream_ping, tcp_answers, end_stream},
    {"unix_send_64k", stream_send, unix_takes, end_stream},
    {"tcp_send_64k", stream_send, tcp_takes, end_stream},
    {"thread_create_join", thread_once, NULL, NULL},
    {"fork_wait", fork_once, NULL, NULL},
    {"vfork_exec_wait", spawn_once, NULL, NULL},
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
  if (row->after) row->after();
  qsort(each, rounds, sizeof *each, ascending);
  return each[rounds / 2];
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--nothing") == 0) return 0;
  if (argc < 4) {
    fprintf(stderr, "usage: micro SECONDS DIRECTORY MEMORY [ROW...]\n");
    return 2;
  }
  self = argv[0];
  snprintf(path, sizeof path, "%s/bench.%d", argv[2], getpid());
  file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  need(file >= 0, path);
  need(write(file, large, sizeof large) == sizeof large, "write");
  snprintf(other, sizeof other, "%s/bench.%d.memory", argv[3], getpid());
  memory = open(other, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  need(memory >= 0 && unlink(other) == 0 && write(memory, large, sizeof large) == sizeof large, other);
  snprintf(other, sizeof other, "%s.new", path);
  snprintf(many, sizeof many, "%s.many", path);
  for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
    int wanted = argc == 4;
    for (int a = 4; a < argc; a++) wanted |= strcmp(argv[a], rows[i].name) == 0;
    if (!wanted) continue;
    printf("%s %.1f\n", rows[i].name, measure(&rows[i], atof(argv[1]) * 1e9));
    fflush(stdout);
  }
  unlink(path);
  if (partner > 0) kill(partner, SIGKILL);
  return 0;
}
