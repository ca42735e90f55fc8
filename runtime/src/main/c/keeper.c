/*
 * The process that a sandbox, or a further process in one, has on the host for as long as it lives: it prepares namespaces, starts
 * the sandbox's processes, passes signals on, and ends with the exit code of the application. It needs no memory to speak of, where a
 * JVM would keep thirty megabytes. All that it can do is listed in plan.h.
 */
#include <asm/ioctls.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/signalfd.h>
#include <linux/time_types.h>
#include <linux/wait.h>
#include <sys/syscall.h>

#include "calls.h"
#include "guard.h"
#include "memory.h"
#include "plan.h"
#include "reaping.h"
#include "text.h"

#define POLLIN 1
#define EINTR 4
#define EAGAIN 11
#define ECONNRESET 104
#define MSG_DONTWAIT 0x40
#define MSG_NOSIGNAL 0x4000
#define FAILED 125

/* Of dev.bulwark.control.Message: the kinds that a keeper sends and understands. */
enum kind { KIND_SIGNAL = 1, KIND_WINDOW = 2, KIND_STARTED = 3, KIND_ENDED = 4, KIND_FAILED = 5, KIND_MEMORY = 6, KIND_OUTLIVE = 7 };

#define MESSAGE_HEAD 24
#define MOST_MESSAGE 4096

/* How long a Sentry that closed its socket, or was told to end, may take to be gone. */
#define GRACE_SECONDS 1
#define PATIENT_SECONDS 60

static struct plan plan;
static int signals;

struct message {
  uint64_t kind;
  int64_t number;
  uint64_t length;
  char text[MOST_MESSAGE - MESSAGE_HEAD];
};

static int restore_terminal(void) {
  if (plan.terminal_settings_length == 0) return 0;
  /* Nobody's to stop for: a background process may set a terminal only while it ignores SIGTTOU, which is blocked here. */
  return (int)call3(SYS_ioctl, plan.terminal_fd, TCSETS, plan.terminal_settings);
}

/* Copies a log that lives in memory to where people can read it; returns its path, or nothing when it is empty. */
static const char *saved(const struct child *child) {
  char bytes[4096];
  if (child->log_fd == NO_FD) return child->log_path[0] ? child->log_path : 0;
  long first = call4(SYS_pread64, child->log_fd, bytes, sizeof bytes, 0);
  if (first <= 0) return 0;
  long file = call3(SYS_open, child->log_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return 0;
  for (long at = 0, n = first; n > 0; at += n, n = call4(SYS_pread64, child->log_fd, bytes, sizeof bytes, at))
    call3(SYS_write, file, bytes, n);
  call3(SYS_close, file, 0, 0);
  return child->log_path;
}

static void add_log(struct text *text, const struct child *child) {
  const char *path = saved(child);
  if (path) {
    add(text, "; its log is ");
    add(text, path);
  }
}

/* Kills what the children have left, which came to this process, and waits until all are gone. */
static void end_descendants(void) {
  struct text path;
  path.length = 0;
  add(&path, "/proc/self/task/");
  add_number(&path, call3(SYS_gettid, 0, 0, 0));
  add(&path, "/children");
  add_bytes(&path, "", 1);
  for (unsigned i = 0; i < plan.count; i++)
    if (plan.children[i].pid > 0) call3(SYS_kill, plan.children[i].pid, SIGKILL, 0);
  for (;;) {
    char list[4096];
    long fd = call3(SYS_open, path.bytes, O_RDONLY | O_CLOEXEC, 0);
    long n = fd < 0 ? 0 : call3(SYS_read, fd, list, sizeof list);
    if (fd >= 0) call3(SYS_close, fd, 0, 0);
    long pid = 0;
    for (long i = 0; i < n; i++) {
      if (list[i] >= '0' && list[i] <= '9') {
        pid = pid * 10 + (list[i] - '0');
      } else if (pid > 0) {
        call3(SYS_kill, pid, SIGKILL, 0);
        pid = 0;
      }
    }
    long gone;
    do {
      gone = call4(SYS_wait4, -1, 0, __WALL, 0);
    } while (gone == -EINTR);
    if (gone <= 0) return;
  }
}

static _Noreturn void finish(int code) {
  end_descendants();
  restore_terminal();
  await_reaping();
  call3(SYS_exit_group, code, 0, 0);
  __builtin_unreachable();
}

static int wait_readable(int fd, int other, long seconds) {
  struct {
    int fd;
    short events, got;
  } entries[2] = {{fd, POLLIN, 0}, {other, POLLIN, 0}};
  struct __kernel_timespec limit = {seconds, 0};
  call6(SYS_ppoll, (long)entries, other < 0 ? 1 : 2, seconds < 0 ? 0 : (long)&limit, 0, 8, 0);
  return (entries[0].got ? 1 : 0) | (entries[1].got ? 2 : 0);
}

/* Takes note of a child's end, if there is one; returns the child, or nothing when another process, or none, has ended. */
static struct child *reap(int *status, int *any) {
  long pid = call4(SYS_wait4, -1, status, WNOHANG | __WALL, 0);
  *any = pid > 0;
  for (unsigned i = 0; i < plan.count && pid > 0; i++) {
    if (plan.children[i].pid == pid) {
      plan.children[i].pid = -1;
      return &plan.children[i];
    }
  }
  return 0;
}

static int living(void) {
  int count = 0;
  for (unsigned i = 0; i < plan.count; i++) count += plan.children[i].pid > 0;
  return count;
}

static void drain_signals(void) {
  struct signalfd_siginfo info;
  while (call3(SYS_read, signals, &info, sizeof info) > 0) continue;
}

/* Lets the children end by themselves. */
static void be_patient(long seconds) {
  int status, any;
  while (living()) {
    reap(&status, &any);
    if (any) continue;
    if (!wait_readable(signals, -1, seconds)) return;
    drain_signals();
  }
}

static _Noreturn void ended(const struct message *message, struct text *text) {
  int signal = (int)message->number & 0x7f;
  if (text->length && plan.count) add_log(text, &plan.children[0]);
  if (text->length) print(text, 2);
  if (plan.flags & FLAG_PATIENT) be_patient(PATIENT_SECONDS);
  finish(signal ? 128 + signal : (int)(message->number >> 8 & 0xff));
}

static void add_end(struct text *text, const struct child *child) {
  add(text, "bulwark: the sandbox has ended because its ");
  add(text, child->title);
}

static _Noreturn void tell(struct text *text, const struct child *child) {
  add_log(text, child);
  print(text, 2);
  finish(FAILED);
}

/* What a process said of its own failure explains more than what others saw of it. */
static void explain(void) {
  struct text text;
  text.length = 0;
  for (unsigned i = 0; i < plan.count; i++) {
    struct child *child = &plan.children[i];
    serve_guard(child);
    if (child->reason_length == 0) continue;
    add_end(&text, child);
    add(&text, " failed: ");
    add_bytes(&text, child->reason, child->reason_length);
    tell(&text, child);
  }
}

/* Acts on one message; returns 0 when there is none yet, and -1 when there will be none. */
static int receive(int flags) {
  static struct message message;
  long n = call6(SYS_recvfrom, (long)plan.control_fd, (long)&message, sizeof message, flags, 0, 0);
  /* Once, before what is there still: the other end has gone without reading all that it was sent. */
  if (n == -EINTR || n == -ECONNRESET) return 1;
  if (n == -EAGAIN) return 0;
  if (n <= 0) return -1;
  if (message.kind == KIND_MEMORY) announce_lack_of_memory((int)plan.memory_limit_fd, (int)plan.memory_usage_fd);
  if (message.kind == KIND_OUTLIVE && n >= 16) note_process(message.number);
  if (n < MESSAGE_HEAD) return 1; /* one that asks for nothing */
  struct text text;
  text.length = 0;
  uint64_t length = message.length <= (uint64_t)n - MESSAGE_HEAD ? message.length : 0;
  if (length) {
    add(&text, "bulwark: ");
    add_bytes(&text, message.text, length);
  }
  if (message.kind == KIND_ENDED) ended(&message, &text);
  if (message.kind == KIND_FAILED) {
    if (message.number == FAILED) explain();
    if (message.number == FAILED && plan.count) add_log(&text, &plan.children[0]);
    if (text.length) print(&text, 2);
    finish((int)message.number);
  }
  return 1;
}

static _Noreturn void died(const struct child *child, int status) {
  struct text text;
  text.length = 0;
  while (receive(MSG_DONTWAIT) > 0) continue; /* what it had to say goes before how it ended */
  explain();
  add_end(&text, child);
  add(&text, status & 0x7f ? " was killed by signal " : " ended with code ");
  add_number(&text, status & 0x7f ? status & 0x7f : status >> 8 & 0xff);
  tell(&text, child);
}

/* The other end of the control socket is gone without a last word. */
static _Noreturn void hung_up(void) {
  int status = 0, any = 0;
  if (plan.count == 0) finish(128 + SIGKILL); /* the sandbox ended, and with it the process that this one stands for */
  for (int tries = 0; tries < 64; tries++) {
    struct child *child = reap(&status, &any);
    if (child) died(child, status);
    if (!any && !wait_readable(signals, -1, GRACE_SECONDS)) break;
    drain_signals();
  }
  call3(SYS_kill, plan.children[0].pid, SIGKILL, 0);
  died(&plan.children[0], SIGKILL);
}

static void send(uint64_t kind, uint64_t number, unsigned length) {
  uint64_t message[2] = {kind, number};
  call6(SYS_sendto, (long)plan.control_fd, (long)message, length, MSG_NOSIGNAL | MSG_DONTWAIT, 0, 0);
}

static void on_signal(void) {
  struct signalfd_siginfo info;
  while (call3(SYS_read, signals, &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGCHLD) {
      int status, any;
      do {
        struct child *child = reap(&status, &any);
        if (child) died(child, status);
      } while (any);
    } else if (info.ssi_signo == SIGWINCH) {
      send(KIND_WINDOW, 0, 8);
    } else {
      send(KIND_SIGNAL, info.ssi_signo, 16);
    }
  }
}

static void catch_signals(void) {
  uint64_t all = ~0UL;
  call4(SYS_rt_sigprocmask, SIG_SETMASK, &all, 0, sizeof all);
}

/* From here on signals wait in a descriptor; what is not forwarded does what it does to any process. */
static void open_signals(void) {
  uint64_t caught = plan.forwarded | 1UL << (SIGCHLD - 1) | 1UL << (SIGTTOU - 1);
  uint64_t read = caught & ~(1UL << (SIGTTOU - 1));
  signals = (int)call4(SYS_signalfd4, -1, &read, sizeof read, O_NONBLOCK | O_CLOEXEC);
  call4(SYS_rt_sigprocmask, SIG_SETMASK, &caught, 0, sizeof caught);
}

/* Waits for whatever comes first, and acts on it. */
static void attend(void) {
  struct {
    int fd;
    short events, got;
  } entries[2 + 2 * MOST_CHILDREN] = {{(int)plan.control_fd, POLLIN, 0}, {signals, POLLIN, 0}};
  unsigned count = 2;
  for (unsigned i = 0; i < plan.count; i++) {
    entries[count++] = (__typeof__(entries[0])){plan.children[i].guard_fd, POLLIN, 0};
    entries[count++] = (__typeof__(entries[0])){plan.children[i].calls_fd, POLLIN, 0};
  }
  call6(SYS_ppoll, (long)entries, count, 0, 0, 8, 0);
  for (unsigned i = 0; i < plan.count; i++) {
    struct text text;
    text.length = 0;
    struct child *child = &plan.children[i];
    short calls = entries[3 + 2 * i].got;
    if (calls & POLLIN && add_forbidden_call(&text, child)) tell(&text, child);
    if (calls && !(calls & POLLIN)) forget_calls(child);
    if (entries[2 + 2 * i].got) serve_guard(child);
  }
  if (entries[0].got && receive(0) < 0) hung_up();
  if (entries[1].got) on_signal();
}

__attribute__((used)) static _Noreturn void keep(void) {
  catch_signals();
  call4(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0);
  call4(SYS_prctl, PR_SET_NAME, "bulwark-keeper", 0, 0);
  carry_out(&plan);
  open_signals();
  send(KIND_WINDOW, 0, 8); /* engines set a terminal's size when they like; before it was this process's, nobody was told */
  /* Only the children may hold what was meant for them, or its other ends would never see it close. */
  for (uint64_t fd = PLAN_FD; fd < 1024; fd++) {
    int kept = fd == plan.control_fd || fd == plan.terminal_fd || fd == plan.memory_limit_fd ||
               fd == plan.memory_usage_fd || fd == (uint64_t)signals;
    for (unsigned i = 0; i < plan.count; i++)
      kept |= fd == plan.children[i].log_fd || (int)fd == plan.children[i].guard_fd;
    if (!kept) call3(SYS_close, fd, 0, 0);
  }
  for (;;) attend();
}

__asm__(
    ".text\n"
    ".globl _start\n"
    "_start:\n\t"
    "xor %ebp,%ebp\n\t"
    "and $-16,%rsp\n\t"
    "call keep\n");
