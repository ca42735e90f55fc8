/* A thread that waits is woken by another one, and by later changes to the set. */
#include "case.h"

static int e, event;

static void *writes(void *unused) {
  until_asleep(getpid());
  struct epoll_event v = {.events = EPOLLIN, .data.u32 = 3};
  MUST(epoll_ctl(e, EPOLL_CTL_ADD, event, &v));
  uint64_t one = 1;
  MUST(write(event, &one, 8));
  return NULL;
}

int main(void) {
  e = MUST(epoll_create1(0));
  event = MUST(eventfd(0, 0));
  pthread_t t;
  pthread_create(&t, NULL, writes, NULL);
  struct epoll_event v;
  TRY(epoll_wait(e, &v, 1, 5000));
  say("%d %#x\n", v.data.u32, v.events);
  pthread_join(t, NULL);
  struct timespec little = {0, 1000};
  TRY(syscall(441, e, &v, 1, &little, NULL, 0) >= 0);
  return 0;
}
