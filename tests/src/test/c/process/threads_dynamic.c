/* Linked dynamically: threads, condition variables, thread-local storage through libc.so. */
#include "case.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void *run(void *n) {
  for (int i = 0; i < 50; i++) {
    pthread_mutex_lock(&lock);
    while (turn % 3 != (long)n) pthread_cond_wait(&changed, &lock);
    if (i < 3) say("%ld%s", (long)n, (long)n == 2 ? "\n" : " ");
    turn++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  for (long i = 0; i < 3; i++) pthread_create(&threads[i], NULL, run, (void *)i);
  for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
  say("turns %d\n", turn);
  return 0;
}
