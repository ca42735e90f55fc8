/* Threads share everything, and have a tid each. */
#include "case.h"

static int counter;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t tids[4];
static __thread int own = 5;

static void *run(void *n) {
  tids[(long)n] = gettid();
  own += (long)n;
  for (int i = 0; i < 10000; i++) {
    pthread_mutex_lock(&lock);
    counter++;
    pthread_mutex_unlock(&lock);
  }
  return (void *)(long)own;
}

int main(void) {
  pthread_t threads[4];
  long sum = 0;
  for (long i = 0; i < 4; i++) pthread_create(&threads[i], NULL, run, (void *)i);
  for (int i = 0; i < 4; i++) {
    void *result;
    pthread_join(threads[i], &result);
    sum += (long)result;
  }
  int distinct = 1;
  for (int i = 0; i < 4; i++) {
    distinct &= tids[i] != getpid();
    for (int j = 0; j < i; j++) distinct &= tids[i] != tids[j];
  }
  say("counter %d, sum %ld, distinct %d\n", counter, sum, distinct);
  TRY(syscall(SYS_tgkill, getpid(), tids[0], 0));
  return 0;
}
