/* FUTEX_REQUEUE and CMP_REQUEUE move sleepers; FUTEX_WAKE_OP computes. */
#include "case.h"

static int first, second;

static void *sleeps(void *unused) {
  syscall(SYS_futex, &first, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
  return NULL;
}

int main(void) {
  pthread_t t[3];
  for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, sleeps, NULL);
  int waiting = 0;
  while (waiting < 3) {
    waiting = syscall(SYS_futex, &first, FUTEX_CMP_REQUEUE_PRIVATE, 0, 100L, &first, 0);
    usleep(1000);
  }
  TRY(syscall(SYS_futex, &first, FUTEX_CMP_REQUEUE_PRIVATE, 1, 1L, &second, 7));
  TRY(syscall(SYS_futex, &first, FUTEX_CMP_REQUEUE_PRIVATE, 1, 1L, &second, 0));
  TRY(syscall(SYS_futex, &first, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0));
  TRY(syscall(SYS_futex, &second, FUTEX_WAKE_PRIVATE, 10, NULL, NULL, 0));
  for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
  second = 5;
  /* second += 3; wake there when the old value was 5 */
  TRY(syscall(SYS_futex, &first, FUTEX_WAKE_OP_PRIVATE, 1, 1L, &second,
              FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 5)));
  say("second %d\n", second);
  TRY(syscall(SYS_futex, &first, FUTEX_WAKE_OP_PRIVATE, 1, 1L, &second,
              FUTEX_OP(FUTEX_OP_ANDN, 8, FUTEX_OP_CMP_GT, 5)));
  say("second %d\n", second);
  TRY(syscall(SYS_futex, &first, FUTEX_CMP_REQUEUE_PRIVATE, -1, 1L, &second, 0));
  return 0;
}
