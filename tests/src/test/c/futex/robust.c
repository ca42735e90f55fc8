/* Robust mutexes: the owner's death is told. */
#include "case.h"

static pthread_mutex_t *lock;

static void *dies(void *unused) {
  pthread_mutex_lock(lock);
  return NULL;
}

static void child(void) {
  pthread_mutex_lock(lock);
  raise(SIGKILL);
}

int main(void) {
  lock = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t a;
  pthread_mutexattr_init(&a);
  pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(lock, &a);
  pthread_t t;
  pthread_create(&t, NULL, dies, NULL);
  pthread_join(t, NULL);
  say("after a thread: %s\n", error_name(pthread_mutex_lock(lock)));
  say("consistent: %d\n", pthread_mutex_consistent(lock));
  pthread_mutex_unlock(lock);
  in_child("child", child);
  say("after a process: %s\n", error_name(pthread_mutex_lock(lock)));
  pthread_mutex_unlock(lock);
  say("not repaired: %s\n", error_name(pthread_mutex_lock(lock)));
  void *head;
  size_t size;
  TRY(syscall(SYS_get_robust_list, 0, &head, &size));
  say("size %zu\n", size);
  TRY(syscall(SYS_set_robust_list, head, 10));
  TRY(syscall(SYS_get_robust_list, 99999999, &head, &size));
  return 0;
}
