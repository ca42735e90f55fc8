#include "filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "calls.h"
#include "layout.h"

#define PR_SET_NO_NEW_PRIVS 38
#define PR_SET_NAME 15
#define PR_SET_DUMPABLE 4
#define LOW(field) (__builtin_offsetof(struct seccomp_data, field))
#define HIGH(field) (__builtin_offsetof(struct seccomp_data, field) + 4)

#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define TRAP BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
/* Goes on when the accumulator is (equal to, at most) the value, and kills the process otherwise. */
#define REQUIRE(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0), KILL
#define REQUIRE_AT_MOST(value) BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, value, 0, 1), KILL
#define REQUIRE_BITS_CLEAR(mask) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, mask, 0, 1), KILL
/* Passes over the n instructions that belong to a call when it is another one. The accumulator holds the number. */
#define CASE(number, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, n)

/*
 * Address and length in arguments 0 and 1 stay below APPLICATION_END: with hi() the upper halves,
 * address + length < (hi(address) + hi(length) + 2) << 32, so a small enough sum of upper halves is proof.
 */
#define HIGH_LIMIT ((uint32_t)(APPLICATION_END >> 32))
#define REQUIRE_RANGE                                                                                             \
  LOAD(HIGH(args[0])), REQUIRE_AT_MOST(HIGH_LIMIT), BPF_STMT(BPF_MISC | BPF_TAX, 0), LOAD(HIGH(args[1])),         \
      REQUIRE_AT_MOST(HIGH_LIMIT), BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0), REQUIRE_AT_MOST(HIGH_LIMIT)
#define RANGE_LENGTH 10
#define REQUIRE_PROTECTION                                                                                        \
  LOAD(LOW(args[2])), REQUIRE_BITS_CLEAR(~(uint32_t)(PROT_READ | PROT_WRITE | PROT_EXEC)), LOAD(HIGH(args[2])),   \
      REQUIRE(0)
#define PROTECTION_LENGTH 6

int install_filter(void) {
  static const struct sock_filter program[] = {
      LOAD(LOW(arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
      TRAP,
      /* The instruction pointer is that after the syscall instruction. */
      LOAD(HIGH(instruction_pointer)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(STUB_START >> 32), 1, 0),
      TRAP,
      LOAD(LOW(instruction_pointer)),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)(STUB_END - STUB_START), 0, 1),
      TRAP,
      LOAD(LOW(nr)),
      CASE(SYS_rt_sigreturn, 1), ALLOW,
      CASE(SYS_futex, 5),
      LOAD(LOW(args[1])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FUTEX_WAIT, 2, 0),
      REQUIRE(FUTEX_WAKE),
      ALLOW,
      CASE(SYS_mmap, RANGE_LENGTH + PROTECTION_LENGTH + 8),
      REQUIRE_RANGE,
      REQUIRE_PROTECTION,
      LOAD(LOW(args[3])), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)MAP_POPULATE),
      REQUIRE(MAP_SHARED | MAP_FIXED), LOAD(HIGH(args[3])), REQUIRE(0), ALLOW,
      CASE(SYS_munmap, RANGE_LENGTH + 1), REQUIRE_RANGE, ALLOW,
      CASE(SYS_mprotect, RANGE_LENGTH + PROTECTION_LENGTH + 1), REQUIRE_RANGE, REQUIRE_PROTECTION, ALLOW,
      CASE(SYS_recvmsg, 4), LOAD(LOW(args[0])), REQUIRE(CONTROL_FD), ALLOW,
      CASE(SYS_clone, 7), LOAD(LOW(args[0])), REQUIRE((uint32_t)THREAD_FLAGS), LOAD(HIGH(args[0])), REQUIRE(0), ALLOW,
      CASE(SYS_close, 1), ALLOW,
      CASE(SYS_sigaltstack, 1), ALLOW,
      CASE(SYS_rt_sigprocmask, 1), ALLOW,
      CASE(SYS_arch_prctl, 5),
      LOAD(LOW(args[0])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x1001 /* ARCH_SET_GS */, 2, 0),
      REQUIRE(0x1002 /* ARCH_SET_FS */),
      ALLOW,
      CASE(SYS_clock_gettime, 4), LOAD(LOW(args[0])), REQUIRE(3 /* CLOCK_THREAD_CPUTIME_ID */), ALLOW,
      /* The name is what ps(1) of the host shows; wherever it is read from, the stub can read it. */
      CASE(SYS_prctl, 5),
      LOAD(LOW(args[0])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_DUMPABLE, 2, 0), /* who may trace a process with a filter */
      REQUIRE(PR_SET_NAME),
      ALLOW,
      CASE(SYS_exit, 1), ALLOW,
      KILL,
  };
  struct sock_fprog filter = {.len = sizeof program / sizeof program[0], .filter = (struct sock_filter *)program};
  long failed = call6(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
  return failed ? (int)failed : (int)call3(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}
