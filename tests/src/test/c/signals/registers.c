/* A handler leaves all registers, flags, SSE and AVX state as they were. */
#include "case.h"

static void on(int signal) {
  __asm__ volatile(
      "pxor %%xmm0, %%xmm0\n pxor %%xmm7, %%xmm7\n pxor %%xmm15, %%xmm15\n fninit\n"
      "xor %%r8, %%r8\n xor %%r9, %%r9\n xor %%r10, %%r10\n xor %%r11, %%r11\n std\n cld\n stc"
      ::: "r8", "r9", "r10", "r11", "cc", "xmm0", "xmm7", "xmm15");
}

int main(void) {
  install(SIGUSR1, on, 0);
  unsigned long in[4] = {0x1122334455667788, 0x99aabbccddeeff00, 0x0123456789abcdef, 0xfedcba9876543210};
  unsigned long out[4] = {0}, r8, r12, flags;
  unsigned short control = 0x0e7f, control_after = 0;
  __asm__ volatile("fldcw %0" ::"m"(control));
  __asm__ volatile(
      "movdqu (%[in]), %%xmm0\n movdqu 16(%[in]), %%xmm15\n"
      "mov $0x8888, %%r8\n mov $0xcccc, %%r12\n"
      "mov %[pid], %%rdi\n mov $10, %%rsi\n mov $62, %%rax\n"
      "clc\n syscall\n"
      "pushfq\n pop %%r13\n"
      "movdqu %%xmm0, (%[out])\n movdqu %%xmm15, 16(%[out])\n"
      "mov %%r8, %[r8]\n mov %%r12, %[r12]\n mov %%r13, %[flags]\n"
      : [r8] "=m"(r8), [r12] "=m"(r12), [flags] "=m"(flags)
      : [in] "b"(in), [out] "d"(out), [pid] "r"((long)getpid())
      : "rax", "rcx", "rdi", "rsi", "r8", "r11", "r12", "r13", "memory", "cc", "xmm0", "xmm15");
  __asm__ volatile("fstcw %0" : "=m"(control_after));
  say("sse %d, r8 %#lx r12 %#lx carry %ld, fpu %#x\n", memcmp(in, out, sizeof in) == 0, r8, r12,
      flags & 1, control_after);
  return 0;
}
