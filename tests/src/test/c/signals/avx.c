/* AVX registers outlive an asynchronous handler that spoils them. */
#include "case.h"
#include <immintrin.h>

static volatile int rounds;

__attribute__((target("avx"))) static void on(int signal) {
  __m256d zero = _mm256_set1_pd(-1);
  __asm__ volatile("vmovapd %0, %%ymm3\n vmovapd %0, %%ymm12" ::"x"(zero) : "xmm3", "xmm12");
  rounds++;
}

__attribute__((target("avx"))) static int spin(void) {
  double in[4] = {1.5, 2.5, 3.5, 4.5}, out[4];
  int wrong = 0;
  while (rounds < 20) {
    __asm__ volatile(
        "vmovupd (%1), %%ymm3\n vmovupd (%1), %%ymm12\n mov $20000, %%ecx\n 1: dec %%ecx\n jnz 1b\n"
        "vaddpd %%ymm3, %%ymm12, %%ymm3\n vmovupd %%ymm3, (%0)"
        :: "r"(out), "r"(in) : "ecx", "memory", "xmm3", "xmm12");
    for (int i = 0; i < 4; i++) wrong += out[i] != 2 * in[i];
  }
  return wrong;
}

int main(void) {
  if (!__builtin_cpu_supports("avx")) {
    say("wrong 0\n");
    return 0;
  }
  install(SIGALRM, on, 0);
  struct itimerval each = {{0, 2000}, {0, 2000}};
  MUST(setitimer(ITIMER_REAL, &each, NULL));
  say("wrong %d\n", spin());
  return 0;
}
