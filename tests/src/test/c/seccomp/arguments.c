/* Filters see all six arguments, 64 bits each, and the address of the call. */
#include "filters.h"

static long call6(long n, long a, long b, long c, long d, long e, long f) {
  return syscall(n, a, b, c, d, e, f);
}

static void each_argument(void) {
  no_new_privileges();
  for (int i = 0; i < 6; i++) {
    struct sock_filter filter[] = {
        LOAD(NUMBER),
        IF_EQUAL(SYS_getppid, 0, 5),
        LOAD(HIGH(i)),
        IF_EQUAL(0x11223344u + i, 0, 3),
        LOAD(LOW(i)),
        IF_EQUAL(0x55667788u + i, 0, 1),
        RETURN(SECCOMP_RET_ERRNO | (100 + i)),
        RETURN(SECCOMP_RET_ALLOW),
    };
    MUST(INSTALL(filter, 0));
  }
  for (int i = 0; i < 6; i++) {
    long a[6] = {0};
    a[i] = 0x1122334455667788L + i * 0x100000001L;
    errno = 0;
    long r = call6(SYS_getppid, a[0], a[1], a[2], a[3], a[4], a[5]);
    say("argument %d: %d %d\n", i, r == -1, errno);
    a[i] ^= 1L << 40;
    errno = 0;
    r = call6(SYS_getppid, a[0], a[1], a[2], a[3], a[4], a[5]);
    say("changed %d: %d %d\n", i, r == -1, errno);
  }
}

extern char here[];

static void place(void) {
  no_new_privileges();
  struct sock_filter filter[] = {
      LOAD(NUMBER),
      IF_EQUAL(SYS_getppid, 0, 3),
      LOAD(offsetof(struct seccomp_data, instruction_pointer)),
      IF_EQUAL((unsigned)(uintptr_t)here, 0, 1),
      RETURN(SECCOMP_RET_ERRNO | EDOM),
      RETURN(SECCOMP_RET_ALLOW),
  };
  MUST(INSTALL(filter, 0));
  OK(syscall(SYS_getppid));
  long result;
  for (int i = 0; i < 3; i++) { /* a platform may change the instruction once it was seen */
    asm volatile("syscall\n.globl here\nhere:"
                 : "=a"(result)
                 : "0"(SYS_getppid)
                 : "rcx", "r11", "memory");
    say("at the place: %ld\n", result);
  }
}

static void arithmetic(void) {
  no_new_privileges();
  struct sock_filter filter[] = {
      LOAD(NUMBER),
      IF_EQUAL(SYS_getppid, 1, 0),
      RETURN(SECCOMP_RET_ALLOW),
      LOAD(LOW(0)),
      BPF_STMT(BPF_ST, 3),
      LOAD(LOW(1)),
      BPF_STMT(BPF_MISC | BPF_TAX, 0),
      BPF_STMT(BPF_LD | BPF_MEM, 3),
      BPF_STMT(BPF_ALU | BPF_MUL | BPF_X, 0),
      BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1000),
      BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),
      BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 3),
      BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 0x55),
      BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 2),
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),
      BPF_STMT(BPF_ALU | BPF_NEG, 0),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x7ff),
      BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),
      BPF_STMT(BPF_RET | BPF_A, 0),
  };
  MUST(INSTALL(filter, 0));
  for (long a = 0; a < 40; a += 7)
    for (long b = 1; b < 5000; b = b * 9 + 1) {
      errno = 0;
      syscall(SYS_getppid, a, b);
      say("%ld %ld: %d\n", a, b, errno);
    }
}

static void divides_by_zero(void) {
  no_new_privileges();
  struct sock_filter filter[] = {
      LOAD(NUMBER),
      IF_EQUAL(SYS_getppid, 1, 0),
      RETURN(SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_LDX | BPF_IMM, 0),
      BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
      RETURN(SECCOMP_RET_ERRNO | EDOM),
  };
  MUST(INSTALL(filter, 0));
  TRY(syscall(SYS_getppid));
}

static void comparisons(void) {
  static const unsigned codes[] = {BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET};
  static const unsigned values[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
  no_new_privileges();
  for (int c = 0; c < 4; c++)
    for (int x = 0; x < 2; x++) {
      struct sock_filter filter[] = {
          LOAD(NUMBER),
          IF_EQUAL(SYS_getppid, 0, 7),
          LOAD(LOW(2)),
          IF_EQUAL(c * 2 + x, 0, 5),
          LOAD(LOW(1)),
          BPF_STMT(BPF_MISC | BPF_TAX, 0),
          LOAD(LOW(0)),
          BPF_JUMP(BPF_JMP | codes[c] | (x ? BPF_X : BPF_K), 0x80000000, 0, 1),
          RETURN(SECCOMP_RET_ERRNO | EDOM),
          RETURN(SECCOMP_RET_ALLOW),
      };
      MUST(INSTALL(filter, 0));
    }
  for (int c = 0; c < 8; c++)
    for (int i = 0; i < 5; i++)
      for (int j = 0; j < 5; j++) {
        errno = 0;
        syscall(SYS_getppid, values[i], values[j], c);
        say("%d %u %u: %d\n", c, values[i], values[j], errno);
      }
}

int main(void) {
  in_child("arguments", each_argument);
  in_child("place", place);
  in_child("arithmetic", arithmetic);
  in_child("zero", divides_by_zero);
  in_child("comparisons", comparisons);
  return 0;
}
