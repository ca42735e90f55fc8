/* Wakers pick sleepers by bits. */
#include "case.h"

static int word;
static int woken[2];

static void *sleeps(void *n) {
  int bit = 1 << (long)n;
  if (syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, bit) == 0) woken[(long)n] = 1;
  return NULL;
}

static long wake(int bits) {
  return syscall(SYS_futex, &word, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, bits);
}

int main(void) {
  pthread_t t[2];
  for (long i = 0; i < 2; i++) pthread_create(&t[i], NULL, sleeps, (void *)i);
  pause_ms(50);
  TRY(wake(4));
  while (wake(2) != 1) usleep(1000);
  pthread_join(t[1], NULL);
  say("%d %d\n", woken[0], woken[1]);
  while (wake(1) != 1) usleep(1000);
  pthread_join(t[0], NULL);
  say("%d %d\n", woken[0], woken[1]);
  return 0;
}
