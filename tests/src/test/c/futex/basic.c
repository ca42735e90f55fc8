/* FUTEX_WAIT and FUTEX_WAKE: values, timeouts, errors. */
#include "case.h"

static int word;

static long futex(int *at, int op, int value, const struct timespec *t) {
  return syscall(SYS_futex, at, op, value, t, NULL, 0);
}

static void *wakes(void *unused) {
  while (futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL) == 0) usleep(1000);
  return NULL;
}

int main(void) {
  struct timespec little = {0, 10000000}, bad = {0, 2000000000}, negative = {-1, 0};
  TRY(futex(&word, FUTEX_WAIT, 1, NULL));
  TRY(futex(&word, FUTEX_WAIT, 0, &little));
  TRY(futex(&word, FUTEX_WAIT, 0, &bad));
  TRY(futex(&word, FUTEX_WAIT, 0, &negative));
  TRY(futex((int *)((char *)&word + 1), FUTEX_WAIT, 0, NULL));
  TRY(futex(BAD, FUTEX_WAIT, 0, NULL));
  TRY(futex(&word, FUTEX_WAIT, 0, BAD));
  TRY(futex(&word, FUTEX_WAKE, 1, NULL));
  TRY(futex(BAD, FUTEX_WAKE, 1, NULL));
  TRY(futex((int *)((char *)&word + 1), FUTEX_WAKE, 1, NULL));
  TRY(futex(&word, 77, 1, NULL));
  pthread_t t;
  pthread_create(&t, NULL, wakes, NULL);
  TRY(futex(&word, FUTEX_WAIT_PRIVATE, 0, NULL));
  pthread_join(t, NULL);
  TRY(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
  struct timespec past = {1, 0};
  TRY(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &past, NULL, -1));
  TRY(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &past, NULL, -1));
  TRY(syscall(SYS_futex, &word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
  return 0;
}
