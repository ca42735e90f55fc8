/* A futex in a segment is one for all who attach it, wherever they do. */
#include "ipc.h"

static long futex(int *word, int operation, int value) {
  return syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

int main(void) {
  int id = MUST(shmget(IPC_PRIVATE, 8192, 0600));
  pthread_mutexattr_t attributes;
  int *words = (int *)MUST((long)shmat(id, NULL, 0));
  pthread_mutex_t *mutex = (pthread_mutex_t *)(words + 1024);
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(mutex, &attributes);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    MUST(shmdt(words));
    int *other = (int *)MUST((long)shmat(id, NULL, 0));
    while (__atomic_load_n(other, __ATOMIC_SEQ_CST) == 0) futex(other, FUTEX_WAIT, 0);
    say("child saw %d\n", other[0]);
    pthread_mutex_t *same = (pthread_mutex_t *)(other + 1024);
    for (int i = 0; i < 2000; i++) {
      pthread_mutex_lock(same);
      other[1]++;
      pthread_mutex_unlock(same);
    }
    _exit(0);
  }
  until_asleep(pid);
  __atomic_store_n(words, 5, __ATOMIC_SEQ_CST);
  long woken = futex(words, FUTEX_WAKE, 10);
  for (int i = 0; i < 2000; i++) {
    pthread_mutex_lock(mutex);
    words[1]++;
    pthread_mutex_unlock(mutex);
  }
  reap("child", pid);
  say("woken %ld\n", woken);
  say("counted %d\n", words[1]);
  MUST(shmctl(id, IPC_RMID, NULL));
  return 0;
}
