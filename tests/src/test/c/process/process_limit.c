/* RLIMIT_NPROC counts the tasks of a user, zombies and threads too; root has none. */
#include "case.h"

static void *sleep_in_thread(void *unused) {
  pause();
  return unused;
}

static void limited(void) {
  struct rlimit l = {3, 3};
  MUST(setrlimit(RLIMIT_NPROC, &l));
  pid_t pid = MUST(fork());
  if (pid == 0) _exit(0);
  reap("as root", pid);
  become(4321, 4321);
  pid_t zombie = MUST(fork());
  if (zombie == 0) _exit(0);
  siginfo_t info;
  MUST(waitid(P_PID, zombie, &info, WEXITED | WNOWAIT));
  pthread_t thread;
  say("thread %d\n", pthread_create(&thread, NULL, sleep_in_thread, NULL));
  say("fork: %s\n", fork() == -1 ? error_name(errno) : "?");
  say("another thread: %s\n", error_name(pthread_create(&thread, NULL, sleep_in_thread, NULL)));
  reap("zombie", zombie);
  pid = MUST(fork());
  if (pid == 0) _exit(0);
  reap("again", pid);
  _exit(0);
}

int main(void) {
  become_container_root();
  in_child("limited", limited);
  return 0;
}
