/* futex_waitv: any of several. */
#include "case.h"

struct waiter { uint64_t value, address; uint32_t flags, reserved; };
static uint32_t words[3];

static long waitv(struct waiter *w, int n, int flags, struct timespec *t) {
  return syscall(449, w, n, flags, t, CLOCK_MONOTONIC);
}

static void *wakes(void *unused) {
  while (syscall(SYS_futex, &words[2], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0) == 0) usleep(1000);
  return NULL;
}

int main(void) {
  struct waiter w[3];
  for (int i = 0; i < 3; i++) w[i] = (struct waiter){0, (uintptr_t)&words[i], 2 | 128, 0};
  struct timespec past = {1, 0};
  TRY(waitv(w, 3, 0, &past));
  words[1] = 1;
  TRY(waitv(w, 3, 0, NULL));
  words[1] = 0;
  TRY(waitv(w, 0, 0, NULL));
  TRY(waitv(w, 129, 0, NULL));
  TRY(waitv(w, 3, 1, NULL));
  w[0].reserved = 1;
  TRY(waitv(w, 3, 0, NULL));
  w[0].reserved = 0;
  pthread_t t;
  pthread_create(&t, NULL, wakes, NULL);
  TRY(waitv(w, 3, 0, NULL));
  pthread_join(t, NULL);
  return 0;
}
