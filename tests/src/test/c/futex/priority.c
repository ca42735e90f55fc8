/* Priority-inheriting mutexes. */
#include "case.h"

static pthread_mutex_t lock;
static int count;

static void *run(void *unused) {
  for (int i = 0; i < 500; i++) {
    pthread_mutex_lock(&lock);
    count++;
    if (i % 50 == 0) sched_yield();
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

int main(void) {
  pthread_mutexattr_t a;
  pthread_mutexattr_init(&a);
  pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
  pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
  say("init %s\n", error_name(pthread_mutex_init(&lock, &a)));
  pthread_t t[3];
  for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, run, NULL);
  for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
  say("count %d\n", count);
  say("lock %s\n", error_name(pthread_mutex_lock(&lock)));
  say("again %s\n", error_name(pthread_mutex_lock(&lock)));
  return 0;
}
