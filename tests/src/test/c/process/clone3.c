/* clone3: its structure is checked, a pidfd comes back. */
#include "case.h"

struct arguments {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
  uint64_t set_tid, set_tid_size, cgroup, more;
};

static long clone3(struct arguments *a, size_t size) {
  long r = syscall(SYS_clone3, a, size);
  if (r == 0) _exit(21);
  return r;
}

int main(void) {
  struct arguments a = {0};
  TRY(clone3(&a, 8));
  TRY(clone3(&a, 100000));
  TRY(clone3(BAD, 64));
  a.exit_signal = 0x1000;
  TRY(clone3(&a, 64));
  a.exit_signal = SIGCHLD;
  a.flags = CLONE_DETACHED;
  TRY(clone3(&a, 64));
  a.flags = 0;
  a.stack_size = 4096;
  TRY(clone3(&a, 64));
  a.stack_size = 0;
  a.more = 1;
  TRY(clone3(&a, sizeof a));
  a.more = 0;
  int fd = -1, tid = 0;
  a.flags = CLONE_PIDFD | CLONE_PARENT_SETTID;
  a.pidfd = (uintptr_t)&fd;
  a.parent_tid = (uintptr_t)&tid;
  pid_t pid = MUST(clone3(&a, 64));
  say("pidfd %d tid %d cloexec %d\n", fd >= 0, tid == pid, fcntl(fd, F_GETFD));
  struct pollfd p = {fd, POLLIN, 0};
  say("poll %d %#x\n", poll(&p, 1, 5000), p.revents);
  siginfo_t info;
  TRY(waitid(P_PIDFD, fd, &info, WEXITED));
  say("status %d\n", info.si_status);
  TRY(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
  return 0;
}
