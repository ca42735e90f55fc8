/*
 * The first process of a virtual machine, the hands of the host in it: it starts programs, carries their inputs and outputs, writes and
 * reads files and mounts. It decides nothing; what a container is, it does not know.
 *
 * With the argument "--descriptor" it serves on descriptor 3 instead and boots nothing, for tests on the host.
 */
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/signalfd.h>
#include <sys/syscall.h>

#include "boot.h"
#include "calls.h"
#include "files.h"
#include "machine.h"
#include "process.h"
#include "text.h"
#include "wire.h"

#define POLLIN 1
#define POLLOUT 4
#define ENOSYS 38
#define EBADMSG 74
#define TEST_DESCRIPTOR 3

static int booted;

static _Noreturn void end(const char *why) {
  if (booted) {
    log_line(why, 0);
    power_off();
  }
  call3(SYS_exit_group, 1, 0, 0);
  __builtin_unreachable();
}

static long send_signal(struct reader *reader) {
  uint64_t pid = get(reader, 4);
  uint64_t signal = get(reader, 4);
  if (reader->bad) return -EBADMSG;
  return pid > 1 && pid <= 0x7fffffff ? call3(SYS_kill, pid, signal, 0) : -3 /* ESRCH */;
}

static void handle(struct frame *frame) {
  struct reader *payload = &frame->payload;
  uint32_t id = frame->id;
  switch (frame->type) {
    case SPAWN: spawn(id, payload); return;
    case ADOPT: adopt(id, payload); return;
    case INPUT: input(id, payload); return;
    case INPUT_END: input_end(id); return;
    case TAKEN: taken(id, payload); return;
    case CLOSE_OUTPUT: close_output(id, payload); return;
    case READ_FILE: read_piece(id, payload); return;
    case STAT: describe(id, payload); return;
    case ONLINE: online(id); return;
    case PING: ping(id); return;
    case SIGNAL: reply(id, send_signal(payload)); return;
    case WINDOW: reply(id, window(payload)); return;
    case MOUNT: reply(id, mount_file_system(payload)); return;
    case UNMOUNT: reply(id, unmount(payload)); return;
    case WRITE_FILE: reply(id, write_piece(payload)); return;
    case MAKE_DIRECTORY: reply(id, make_directory(payload)); return;
    case RESUMED: reply(id, resumed(payload)); return;
    case POWER_OFF:
      if (booted) power_off();
      call3(SYS_exit_group, 0, 0, 0);
      return;
    default: reply(id, -ENOSYS); return;
  }
}

static int open_signals(void) {
  uint64_t child = 1UL << (SIGCHLD - 1), caught = child | 1UL << (SIGPIPE - 1);
  call4(SYS_rt_sigprocmask, SIG_SETMASK, &caught, 0, sizeof caught);
  return (int)call4(SYS_signalfd4, -1, &child, sizeof child, O_NONBLOCK | O_CLOEXEC);
}

static void greet(void) {
  begin_frame(HELLO, 0);
  put(PROTOCOL_VERSION, 4);
  end_frame();
}

/* Acts on what has come; returns 1 when there was no room for more replies. */
static int answer(void) {
  struct frame frame;
  int got = 1;
  while (room() && (got = next_frame(&frame)) > 0) handle(&frame);
  if (got < 0) end("the host sent what is no frame");
  return got;
}

static _Noreturn void loop(int port) {
  static struct pollfd entries[2 + MOST_WAITED];
  int signals = open_signals();
  int left = 0;
  greet();
  for (;;) {
    int stopped;
    do {
      stopped = answer() | reap();
      left = drain(port);
    } while (stopped && !left);
    entries[0] = (struct pollfd){signals, POLLIN, 0};
    entries[1] = (struct pollfd){port, (short)((room() ? POLLIN : 0) | (left ? POLLOUT : 0)), 0};
    unsigned count = watch(entries + 2);
    call3(SYS_poll, entries, 2 + count, -1);
    serve(entries + 2, count);
    if (entries[0].got) {
      struct signalfd_siginfo info;
      while (call3(SYS_read, signals, &info, sizeof info) > 0) continue;
    }
    if (entries[1].got & ~POLLOUT && fill(port) < 0) end("the host is gone");
  }
}

__attribute__((used)) static _Noreturn void run(const long *stack) {
  const char *const *arguments = (const char *const *)(stack + 1);
  if (stack[0] == 2 && same(arguments[1], "--descriptor")) {
    call3(SYS_fcntl, TEST_DESCRIPTOR, F_SETFL, O_NONBLOCK);
    call3(SYS_fcntl, TEST_DESCRIPTOR, F_SETFD, 1);
    call3(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0); /* orphans come to a first process anyway */
    loop(TEST_DESCRIPTOR);
  }
  booted = 1;
  loop(boot());
}

__asm__(
    ".text\n"
    ".globl _start\n"
    "_start:\n\t"
    "xor %ebp,%ebp\n\t"
    "mov %rsp,%rdi\n\t"
    "and $-16,%rsp\n\t"
    "call run\n");
