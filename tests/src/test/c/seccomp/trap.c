/* SIGSYS tells which call was trapped, where and why; its handler can put a result in its place. */
#include "filters.h"

static int seen;

static void handler(int signal, siginfo_t *info, void *context) {
  ucontext_t *registers = context;
  long rip = registers->uc_mcontext.gregs[REG_RIP];
  say("signal %d code %d errno %d call %d arch %#x at rip %d rax %lld rdi %lld\n", signal,
      info->si_code, info->si_errno, info->si_syscall, info->si_arch,
      (long)info->si_call_addr == rip, registers->uc_mcontext.gregs[REG_RAX],
      registers->uc_mcontext.gregs[REG_RDI]);
  registers->uc_mcontext.gregs[REG_RAX] = 4242;
  seen++;
}

static void handled(void) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  MUST(sigaction(SIGSYS, &action, NULL));
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_TRAP | 0x1234, 0));
  TRY(syscall(SYS_getppid, 77));
  TRY(syscall(SYS_getppid, 78));
  say("seen %d\n", seen);
}

static void by_default(void) {
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_TRAP, 0));
  TRY(syscall(SYS_getppid));
}

static void blocked(void) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigset_t set;
  MUST(sigaction(SIGSYS, &action, NULL));
  sigemptyset(&set);
  sigaddset(&set, SIGSYS);
  MUST(sigprocmask(SIG_BLOCK, &set, NULL));
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_TRAP, 0));
  TRY(syscall(SYS_getppid));
}

static void ignored(void) {
  signal(SIGSYS, SIG_IGN);
  no_new_privileges();
  MUST(answer(SYS_getppid, SECCOMP_RET_TRAP, 0));
  TRY(syscall(SYS_getppid));
}

int main(void) {
  in_child("handled", handled);
  in_child("default", by_default);
  in_child("blocked", blocked);
  in_child("ignored", ignored);
  return 0;
}
