#include "plan.h"

#include <asm/ioctls.h>
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <sys/syscall.h>

#include "calls.h"
#include "text.h"

#define EPERM 1
#define SIOCGIFFLAGS 0x8913
#define SIOCSIFFLAGS 0x8914
#define IFF_UP 1
#define AF_INET 2
#define SOCK_DGRAM_CLOEXEC 0x80002
#define MOST_WORDS 65536
#define MOST_DESCRIPTORS 128
#define FAILED 125

struct reader {
  const uint64_t *at;
};

static uint64_t number(struct reader *reader) { return *reader->at++; }

static const char *string(struct reader *reader, uint64_t *length) {
  uint64_t size = number(reader);
  const char *bytes = (const char *)reader->at;
  reader->at += (size + 7) / 8;
  if (length) *length = size - 1;
  return bytes;
}

static void strings(struct reader *reader, const char **into, uint64_t most) {
  uint64_t count = number(reader);
  for (uint64_t i = 0; i < count; i++) {
    const char *value = string(reader, 0);
    if (i + 1 < most) into[i] = value;
  }
  into[count < most ? count : most - 1] = 0;
}

static void add_step(struct text *text, const char *what, const char *tried) {
  add(text, what);
  if (*tried) {
    add(text, ": ");
    add(text, tried);
  }
}

/* The reason goes to the runtime as a number and a description, or to people when nobody reads it. */
static _Noreturn void fail(const struct plan *plan, const char *what, const char *tried, long error) {
  struct text text;
  text.length = 0;
  if (plan->report_fd != NO_FD) {
    add_number(&text, -error);
    add(&text, " ");
    add_step(&text, what, tried);
    print(&text, (int)plan->report_fd);
  } else {
    add(&text, "bulwark: ");
    add_step(&text, what, tried);
    add(&text, " failed with errno ");
    add_number(&text, -error);
    print(&text, 2);
  }
  for (unsigned i = 0; i < plan->count; i++) call3(SYS_kill, plan->children[i].pid, SIGKILL, 0);
  call3(SYS_exit_group, FAILED, 0, 0);
  __builtin_unreachable();
}

static long loopback_up(void) {
  struct {
    char name[16];
    short flags;
    char rest[22];
  } request = {.name = "lo"};
  long fd = call3(SYS_socket, AF_INET, SOCK_DGRAM_CLOEXEC, 0);
  if (fd < 0) return fd;
  long failed = call3(SYS_ioctl, fd, SIOCGIFFLAGS, &request);
  if (failed == 0) {
    request.flags |= IFF_UP;
    failed = call3(SYS_ioctl, fd, SIOCSIFFLAGS, &request);
  }
  call3(SYS_close, fd, 0, 0);
  return failed;
}

static long write_file(const char *path, const char *value, uint64_t length) {
  long fd = call3(SYS_open, path, O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  long written = call3(SYS_write, fd, value, length);
  call3(SYS_close, fd, 0, 0);
  return written < 0 ? written : 0;
}

static long take_terminal(long fd) {
  long failed = call3(SYS_setsid, 0, 0, 0);
  if (failed < 0 && failed != -EPERM) return failed;
  return call3(SYS_ioctl, fd, TIOCSCTTY, 0);
}

struct failure {
  long error;
  const char *tried; /* in this program's text, which parent and child share */
};

struct program {
  const struct confinement *confinement;
  const char *path;
  const char **arguments;
  const char **environment;
  uint64_t descriptors[MOST_DESCRIPTORS];
  uint64_t count;
};

/* In the new process: descriptor i becomes what the plan says, all others are closed at the execve. */
static _Noreturn void become(const struct program *program, int errors) {
  long failed = 0;
  const char *tried = "giving it its descriptors";
  uint64_t none = 0;
  struct {
    void *handler;
    uint64_t flags;
    void *restorer;
    uint64_t mask;
  } usual = {0, 0, 0, 0};
  call3(SYS_setsid, 0, 0, 0);
  for (int signal = 1; signal <= 64; signal++) call4(SYS_rt_sigaction, signal, &usual, 0, sizeof usual.mask);
  call4(SYS_rt_sigprocmask, SIG_SETMASK, &none, 0, sizeof none);
  long high[MOST_DESCRIPTORS];
  for (uint64_t i = 0; i < program->count && failed >= 0; i++)
    failed = high[i] =
        program->descriptors[i] == NO_FD ? 0 : call3(SYS_fcntl, program->descriptors[i], F_DUPFD_CLOEXEC, 2 * MOST_DESCRIPTORS);
  if (failed >= 0) failed = errors = (int)call3(SYS_fcntl, errors, F_DUPFD_CLOEXEC, 2 * MOST_DESCRIPTORS);
  if (failed >= 0) failed = call3(SYS_close_range, 0, 2 * MOST_DESCRIPTORS - 1, 0);
  for (uint64_t i = 0; i < program->count && failed >= 0; i++)
    if (program->descriptors[i] != NO_FD) failed = call3(SYS_dup2, high[i], i, 0);
  if (failed >= 0) failed = call3(SYS_close_range, program->count, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */);
  if (failed >= 0) failed = call3(SYS_chdir, "/", 0, 0);
  if (failed >= 0) failed = confine(program->confinement, &tried);
  if (failed >= 0) {
    tried = "executing its program";
    failed = call3(SYS_execve, program->path, program->arguments, program->environment);
  }
  struct failure failure = {failed, tried};
  call3(SYS_write, errors, &failure, sizeof failure);
  call3(SYS_exit_group, FAILED, 0, 0);
  __builtin_unreachable();
}

static long start(const struct program *program, int *pid, const char **tried) {
  int errors[2];
  long failed = call3(SYS_pipe2, errors, O_CLOEXEC, 0);
  if (failed < 0) return failed;
  long child = call6(SYS_clone, (long)(SIGCHLD | (program->confinement->namespaces & CLONE_NEWPID)), 0, 0, 0, 0, 0);
  if (child == 0) become(program, errors[1]);
  call3(SYS_close, errors[1], 0, 0);
  struct failure failure = {child < 0 ? child : 0, ""};
  if (child > 0 && call3(SYS_read, errors[0], &failure, sizeof failure) != sizeof failure) failure.error = 0;
  call3(SYS_close, errors[0], 0, 0);
  *pid = (int)child;
  *tried = failure.tried;
  return failure.error;
}

static void read_confinement(struct child *child, struct reader *reader) {
  struct confinement *confinement = &child->confinement;
  uint64_t fd = number(reader);
  child->calls_fd = -1;
  child->guard_fd = fd == NO_FD ? -1 : (int)fd;
  child->duties = number(reader);
  confinement->keeper = (uint64_t)call3(SYS_getpid, 0, 0, 0);
  confinement->namespaces = number(reader);
  confinement->users = number(reader);
  confinement->capabilities = number(reader);
  strings(reader, confinement->visible, MOST_VISIBLE + 1);
  confinement->tree_count = number(reader);
  for (uint64_t i = 0; i < confinement->tree_count; i++) {
    struct tree tree = {number(reader), 0};
    tree.read_only = number(reader);
    if (i < MOST_TREES) confinement->trees[i] = tree;
  }
}

static long child(struct plan *plan, struct reader *reader, const char **tried) {
  static const char *arguments[MOST_WORDS];
  static const char *environment[MOST_WORDS];
  struct child *child = &plan->children[plan->count < MOST_CHILDREN ? plan->count : 0];
  struct program program = {.confinement = &child->confinement, .arguments = arguments, .environment = environment};
  child->title = string(reader, 0);
  child->log_fd = number(reader);
  child->log_path = string(reader, 0);
  program.path = string(reader, 0);
  strings(reader, arguments, MOST_WORDS);
  strings(reader, environment, MOST_WORDS);
  program.count = number(reader);
  for (uint64_t i = 0; i < program.count; i++) {
    uint64_t fd = number(reader);
    if (i < MOST_DESCRIPTORS) program.descriptors[i] = fd;
  }
  read_confinement(child, reader);
  if (program.count > MOST_DESCRIPTORS || plan->count == MOST_CHILDREN || child->confinement.tree_count > MOST_TREES)
    return -22 /* EINVAL */;
  long failed = start(&program, &child->pid, tried);
  if (failed == 0) plan->count++;
  return failed;
}

static long take(struct plan *plan, struct reader *reader, uint64_t step, const char **tried) {
  uint64_t a, length;
  const char *path, *value;
  switch (step) {
    case STEP_JOIN:
      a = number(reader);
      return call3(SYS_setns, a, number(reader), 0);
    case STEP_UNSHARE:
      return call3(SYS_unshare, number(reader), 0, 0);
    case STEP_LOOPBACK:
      return loopback_up();
    case STEP_WRITE:
      path = string(reader, 0);
      value = string(reader, &length);
      return write_file(path, value, length);
    case STEP_TERMINAL:
      return take_terminal((long)number(reader));
    case STEP_CGROUP:
      return call3(SYS_write, number(reader), "0", 1);
    case STEP_CHILD:
      return child(plan, reader, tried);
    default:
      return -22;
  }
}

static const uint64_t *map_plan(void) {
  struct statx file;
  long failed = call6(SYS_statx, PLAN_FD, (long)"", 0x1000 /* AT_EMPTY_PATH */, STATX_SIZE, (long)&file, 0);
  if (failed < 0) return 0;
  long mapped = call6(SYS_mmap, 0, (long)file.stx_size, PROT_READ, MAP_PRIVATE, PLAN_FD, 0);
  call3(SYS_close, PLAN_FD, 0, 0);
  return mapped < 0 && mapped > -4096 ? 0 : (const uint64_t *)mapped;
}

void carry_out(struct plan *plan) {
  struct reader reader = {map_plan()};
  plan->report_fd = NO_FD;
  if (!reader.at) fail(plan, "reading what there is to do (start 'bulwark' instead)", "", -9 /* EBADF */);
  plan->flags = number(&reader);
  plan->control_fd = number(&reader);
  plan->report_fd = number(&reader);
  plan->forwarded = number(&reader);
  plan->memory_limit_fd = number(&reader);
  plan->memory_usage_fd = number(&reader);
  plan->terminal_fd = number(&reader);
  plan->terminal_settings = string(&reader, &plan->terminal_settings_length);
  for (uint64_t step = number(&reader); step != STEP_END; step = number(&reader)) {
    const char *description = string(&reader, 0);
    const char *tried = "";
    long failed = take(plan, &reader, step, &tried);
    if (failed < 0) fail(plan, description, tried, failed);
  }
  if (plan->report_fd != NO_FD) call3(SYS_close, plan->report_fd, 0, 0);
}
