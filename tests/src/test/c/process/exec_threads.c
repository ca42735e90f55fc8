/* execve ends all other threads, also when one of them calls it. */
#include "case.h"

static void *sleeps(void *unused) {
  for (;;) pause();
  return NULL;
}

static void *executes(void *unused) {
  char pid[16];
  snprintf(pid, sizeof pid, "%d", getpid());
  execl("/proc/self/exe", "x", pid, (char *)NULL);
  _exit(1);
}

int main(int argc, char **argv) {
  if (argc == 2) {
    say("same pid %d, leader %d\n", atoi(argv[1]) == getpid(), getpid() == gettid());
    return 2;
  }
  pid_t pid = MUST(fork());
  if (pid == 0) {
    pthread_t t[4];
    for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, sleeps, NULL);
    pthread_create(&t[3], NULL, executes, NULL);
    for (;;) pause();
  }
  reap("program", pid);
  return 0;
}
