/* Programs that Linux does not admit. */
#include "filters.h"

/* In a child each, since a program that is admitted judges what follows. */
#define TEST(...)                                                      \
  do {                                                                 \
    pid_t pid = MUST(fork());                                          \
    if (pid != 0) {                                                    \
      MUST(waitpid(pid, NULL, 0));                                     \
      break;                                                           \
    }                                                                  \
    struct sock_filter filter[] = {__VA_ARGS__};                       \
    errno = 0;                                                         \
    long r = INSTALL(filter, 0);                                       \
    say("%s: %s\n", #__VA_ARGS__, r ? error_name(errno) : "admitted"); \
    _exit(0);                                                          \
  } while (0)

#define OK_ RETURN(SECCOMP_RET_ALLOW)

int main(void) {
  no_new_privileges();
  TEST(OK_);
  TEST(LOAD(0));
  TEST(LOAD(0), BPF_STMT(BPF_RET | BPF_X, 0));
  TEST(LOAD(0), BPF_STMT(BPF_ALU | BPF_OR | BPF_K, 0x7fff0000), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x7fff0000), BPF_STMT(BPF_RET | BPF_A, 0));
  TEST(LOAD(60), OK_);
  TEST(LOAD(64), OK_);
  TEST(LOAD(2), OK_);
  TEST(LOAD(-4), OK_);
  TEST(LOAD(0xfffff000), OK_);
  TEST(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), OK_);
  TEST(BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), OK_);
  TEST(BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), OK_);
  TEST(BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0), OK_);
  TEST(BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0), OK_);
  TEST(BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), OK_);
  TEST(BPF_STMT(BPF_LD | BPF_IMM, 5), OK_);
  TEST(BPF_STMT(BPF_LDX | BPF_IMM, 5), OK_);
  TEST(BPF_STMT(BPF_LD | BPF_MEM, 0), OK_);
  TEST(BPF_STMT(BPF_ST, 0), BPF_STMT(BPF_LD | BPF_MEM, 0), OK_);
  TEST(BPF_STMT(BPF_ST, 0), BPF_STMT(BPF_LD | BPF_MEM, 1), OK_);
  TEST(BPF_STMT(BPF_STX, 15), BPF_STMT(BPF_LDX | BPF_MEM, 15), OK_);
  TEST(BPF_STMT(BPF_ST, 16), OK_);
  TEST(LOAD(0), IF_EQUAL(1, 0, 1), BPF_STMT(BPF_ST, 1), BPF_STMT(BPF_LD | BPF_MEM, 1), OK_);
  TEST(LOAD(0), IF_EQUAL(1, 0, 1), BPF_STMT(BPF_ST, 1), OK_);
  TEST(LOAD(0), IF_EQUAL(1, 0, 2), BPF_STMT(BPF_ST, 1), BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0), BPF_STMT(BPF_STX, 1), BPF_STMT(BPF_LD | BPF_MEM, 1), OK_);
  TEST(IF_EQUAL(0, 1, 0), OK_);
  TEST(IF_EQUAL(0, 0, 1), OK_);
  TEST(IF_EQUAL(0, 0, 0), OK_);
  TEST(BPF_JUMP(BPF_JMP | BPF_JA, 0, 0, 0), OK_);
  TEST(BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0), OK_);
  TEST(BPF_JUMP(BPF_JMP | BPF_JA, -1, 0, 0), OK_);
  TEST(BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0), BPF_JUMP(BPF_JMP | BPF_JA, -2, 0, 0), OK_);
  TEST(BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), OK_);
  TEST(BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 1), OK_);
  TEST(BPF_STMT(BPF_LDX | BPF_IMM, 2), BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0), OK_);
  TEST(BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), OK_);
  TEST(BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 31), OK_);
  TEST(BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), OK_);
  TEST(BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 32), OK_);
  TEST(BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0), OK_);
  TEST(BPF_STMT(BPF_MISC | BPF_TXA, 0), OK_);
  TEST(BPF_STMT(0xff, 0), OK_);
  TEST(BPF_STMT(0x1006, SECCOMP_RET_ALLOW), OK_);
  return 0;
}
