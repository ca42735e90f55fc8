#include "guard.h"

#include <asm/ioctl.h>
#include <asm/signal.h>
#include <linux/audit.h>
#include <linux/fcntl.h>
#include <linux/seccomp.h>
#include <linux/socket.h>
#include <sys/syscall.h>

#include "calls.h"
#include "message.h"
#include "confine.h"
#include "names.h"

#define AF_INET 2
#define AF_INET6 10
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_NONBLOCK_CLOEXEC 0x80800
#define IPPROTO_ICMP 1
#define IPPROTO_ICMPV6 58
#define FIRST_FREE_PORT 1024
#define INET_ADDRESS 16 /* struct sockaddr_in */
#define INET6_ADDRESS 28
#define EPERM 1
#define ENOENT 2
#define EINTR 4
#define EBADF 9
#define EAGAIN 11
#define EINVAL 22

struct request {
  uint64_t kind;
  uint64_t first;
  uint64_t second;
  union {
    unsigned char address[INET6_ADDRESS];
    char text[MOST_REASON];
  };
};

#define REQUEST_HEAD 24

enum { NO_DESCRIPTOR = -1, NOTHING = -2, GONE = -3 };

struct control {
  uint64_t length;
  int32_t level;
  int32_t type;
  int32_t descriptor;
  int32_t padding;
};

/* Returns the request's descriptor, NO_DESCRIPTOR without one, NOTHING when there is none yet, or GONE when there will be none. */
static int receive(int socket, struct request *request, long *length) {
  struct control control = {0, 0, 0, -1, 0};
  __typeof__(*((struct message *)0)->vector) vector = {request, sizeof *request};
  struct message message = {0, 0, (void *)&vector, 1, &control, sizeof control, 0};
  long n = call3(SYS_recvmsg, socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  int carries = n >= 0 && message.control_length >= 20 && control.level == SOL_SOCKET && control.type == SCM_RIGHTS;
  *length = n - REQUEST_HEAD;
  if (n >= REQUEST_HEAD) return carries ? control.descriptor : NO_DESCRIPTOR;
  if (carries) call3(SYS_close, control.descriptor, 0, 0);
  return n == -EAGAIN ? NOTHING : GONE;
}

static long reply(int socket, int64_t result, int descriptor) {
  struct control control = {20, SOL_SOCKET, SCM_RIGHTS, descriptor, 0};
  __typeof__(*((struct message *)0)->vector) vector = {&result, sizeof result};
  struct message message = {0, 0, (void *)&vector, 1, descriptor < 0 ? 0 : &control, descriptor < 0 ? 0 : sizeof control, 0};
  return call3(SYS_sendmsg, socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A descriptor that only reads, of a memory file that the process can read and write already: so it gains nothing. */
static long twin(int fd) {
  long flags = call3(SYS_fcntl, fd, F_GETFL, 0);
  if (flags < 0) return flags;
  if ((flags & (O_ACCMODE | O_PATH)) != O_RDWR) return -EPERM;
  long seals = call3(SYS_fcntl, fd, 1034 /* F_GET_SEALS */, 0);
  if (seals < 0) return seals;
  struct text path;
  path.length = 0;
  add(&path, "/proc/self/fd/");
  add_number(&path, fd);
  path.bytes[path.length] = 0;
  return call3(SYS_open, path.bytes, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
}

/* For echo requests, raw or not: the one protocol for which the Sentry has sockets that take a privilege. */
static long echo_socket(uint64_t family, uint64_t type) {
  if ((family != AF_INET && family != AF_INET6) || (type != SOCK_DGRAM && type != SOCK_RAW)) return -EINVAL;
  return call3(SYS_socket, family, type | SOCK_NONBLOCK_CLOEXEC, family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

/* Binds a socket of the process to a port that takes a privilege, and to nothing else. */
static long bind_low(int fd, const struct request *request, long length) {
  unsigned family = request->address[0] | (unsigned)request->address[1] << 8;
  unsigned port = (unsigned)request->address[2] << 8 | request->address[3];
  if (!(family == AF_INET && length == INET_ADDRESS) && !(family == AF_INET6 && length == INET6_ADDRESS)) return -EINVAL;
  if (port == 0 || port >= FIRST_FREE_PORT) return -EPERM;
  return call3(SYS_bind, fd, request->address, length);
}

/* Keeps the descriptor to which the host reports forbidden calls. */
static long lock(struct child *child, int fd) {
  if (child->calls_fd >= 0) return -EPERM;
  child->calls_fd = (int)call3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 0);
  if (child->calls_fd < 0) return child->calls_fd;
  return close_root(&child->confinement, child->pid);
}

/* Keeps the words of one that nobody can own yet: it is not locked down, so it has not looked at anything of a container. */
static long note_reason(struct child *child, const struct request *request, long length) {
  if (child->calls_fd >= 0) return -EPERM;
  child->reason_length = (size_t)length;
  for (long i = 0; i < length; i++) child->reason[i] = request->text[i];
  return 0;
}

/* Carries a request out; a descriptor that is to be given away is left in given. */
static long answer(struct child *child, const struct request *request, long length, int fd, int *given) {
  if (request->kind >= 64 || !(child->duties >> request->kind & 1)) return -EPERM;
  if (request->kind == GUARD_FAILED) return note_reason(child, request, length);
  if (request->kind == GUARD_ECHO_SOCKET) return *given = (int)echo_socket(request->first, request->second);
  if (fd < 0) return -EBADF;
  switch (request->kind) {
    case GUARD_LOCK:
      return lock(child, fd);
    case GUARD_TWIN:
      return *given = (int)twin(fd);
    case GUARD_BIND:
      return bind_low(fd, request, length);
    case GUARD_SEAL:
      return seal_tree(fd);
    default:
      return -EPERM;
  }
}

void serve_guard(struct child *child) {
  struct request request;
  long length;
  if (child->guard_fd < 0) return;
  int fd = receive(child->guard_fd, &request, &length);
  if (fd == NOTHING) return;
  int given = -1;
  long result = fd == GONE ? -EPERM : answer(child, &request, length, fd, &given);
  if (fd >= 0) call3(SYS_close, fd, 0, 0);
  if (fd == GONE || reply(child->guard_fd, result < 0 ? result : 0, given) < 0) {
    call3(SYS_close, child->guard_fd, 0, 0);
    child->guard_fd = -1;
  }
  if (given >= 0) call3(SYS_close, given, 0, 0);
}

static void add_name(struct text *text, int number) {
  const char *name = OLD_CALLS;
  int left = number;
  if (number >= FIRST_NEW_CALL) {
    name = NEW_CALLS;
    left = number - FIRST_NEW_CALL;
  }
  for (; *name && left > 0; name++) left -= *name == ' ';
  size_t length = 0;
  while (name[length] && name[length] != ' ') length++;
  add_bytes(text, name, length);
}

void forget_calls(struct child *child) {
  call3(SYS_close, child->calls_fd, 0, 0);
  child->calls_fd = -1;
}

int add_forbidden_call(struct text *text, struct child *child) {
  struct seccomp_notif call;
  __builtin_memset(&call, 0, sizeof call);
  long failed = call3(SYS_ioctl, child->calls_fd, SECCOMP_IOCTL_NOTIF_RECV, &call);
  /* A signal took the thread out of its call, which it makes again then. */
  if (failed == -ENOENT || failed == -EINTR) return 0;
  if (failed < 0 || child->pid <= 0) {
    forget_calls(child);
    return 0;
  }
  call3(SYS_kill, child->pid, SIGKILL, 0);
  add(text, "bulwark: the sandbox has ended because its ");
  add(text, child->title);
  add(text, " made a system call of the host that it may not make: ");
  if (call.data.arch != AUDIT_ARCH_X86_64) add(text, "(of another architecture) ");
  add_name(text, call.data.nr);
  add(text, " (number ");
  add_number(text, call.data.nr);
  add(text, "), arguments");
  for (int i = 0; i < 6; i++) {
    add(text, " ");
    add_number(text, (long)call.data.args[i]);
  }
  return 1;
}
