/* FUTEX_WAIT_REQUEUE_PI and FUTEX_CMP_REQUEUE_PI: from waiting for a word to owning a lock. */
#include "case.h"

#define PRIVATE(op) ((op) | FUTEX_PRIVATE_FLAG)

static int word, lock, owners;

static long requeue(int most) {
  return syscall(SYS_futex, &word, PRIVATE(FUTEX_CMP_REQUEUE_PI), 1, (long)most, &lock, 0);
}

static void *waits(void *unused) {
  long result;
  do result = syscall(SYS_futex, &word, PRIVATE(FUTEX_WAIT_REQUEUE_PI), 0, NULL, &lock, 0);
  while (result == -1 && errno == EINTR);
  if (result != 0) say("woken by %s\n", error_name(errno));
  if ((lock & FUTEX_TID_MASK) == gettid()) owners++;
  MUST(syscall(SYS_futex, &lock, PRIVATE(FUTEX_UNLOCK_PI), 0, NULL, NULL, 0));
  return unused;
}

static void errors(void) {
  struct timespec past = {1, 0};
  TRY(syscall(SYS_futex, &word, PRIVATE(FUTEX_WAIT_REQUEUE_PI), 0, &past, &lock, 0));
  TRY(syscall(SYS_futex, &word, PRIVATE(FUTEX_WAIT_REQUEUE_PI), 5, NULL, &lock, 0));
  TRY(syscall(SYS_futex, &word, PRIVATE(FUTEX_WAIT_REQUEUE_PI), 0, NULL, &word, 0));
  TRY(syscall(SYS_futex, &word, PRIVATE(FUTEX_CMP_REQUEUE_PI), 2, 1L, &lock, 0));
  TRY(syscall(SYS_futex, &word, PRIVATE(FUTEX_CMP_REQUEUE_PI), 1, 1L, &word, 0));
  TRY(syscall(SYS_futex, &word, PRIVATE(FUTEX_CMP_REQUEUE_PI), 1, 1L, &lock, 5));
  TRY(syscall(SYS_futex, &word, PRIVATE(FUTEX_CMP_REQUEUE_PI), 1, 1L, &lock, 0));
}

int main(void) {
  errors();
  pthread_t t[3];
  MUST(syscall(SYS_futex, &lock, PRIVATE(FUTEX_LOCK_PI), 0, NULL, NULL, 0));
  for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, waits, NULL);
  for (long moved = 0; moved < 3;) {
    long n = requeue(100);
    if (n < 0) return 1;
    moved += n;
    usleep(1000);
  }
  say("queued up for a lock that is taken: %d\n", (lock & FUTEX_TID_MASK) == gettid());
  MUST(syscall(SYS_futex, &lock, PRIVATE(FUTEX_UNLOCK_PI), 0, NULL, NULL, 0));
  for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
  say("owners %d, lock %d\n", owners, lock);
  pthread_create(&t[0], NULL, waits, NULL);
  long woken;
  while ((woken = syscall(SYS_futex, &word, PRIVATE(FUTEX_WAKE), 1, NULL, NULL, 0)) == 0) usleep(1000);
  say("a plain wake: %s\n", woken == -1 ? error_name(errno) : "?");
  TRY(syscall(SYS_futex, &word, PRIVATE(FUTEX_CMP_REQUEUE), 0, 1L, &lock, 0));
  TRY(requeue(0));
  pthread_join(t[0], NULL);
  say("owners %d, lock %d\n", owners, lock);
  return 0;
}
