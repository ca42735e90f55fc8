/* The first thread ends, the others go on; the process ends with the last one. */
#include "case.h"

static void *run(void *unused) {
  pthread_join(*(pthread_t *)unused, NULL);
  say("the first thread is gone, getpid still differs from gettid: %d\n", getpid() != gettid());
  _exit(8);
}

static pthread_t first;

static void body(void) {
  pthread_t t;
  first = pthread_self();
  pthread_create(&t, NULL, run, &first);
  pthread_exit(NULL);
}

int main(void) {
  in_child("process", body);
  return 0;
}
