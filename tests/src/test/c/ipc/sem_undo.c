/* SEM_UNDO gives back at the end of a process what it took. */
#include "ipc.h"

static int id;

static long op(int number, int change, int flags) {
  struct sembuf operation = {number, change, flags};
  return semop(id, &operation, 1);
}

static void values(const char *when) {
  say("%s: %d %d %d\n", when, semctl(id, 0, GETVAL), semctl(id, 1, GETVAL), semctl(id, 2, GETVAL));
}

static void takes(void) {
  TRY(op(0, -3, SEM_UNDO));
  TRY(op(0, -1, 0));
  TRY(op(1, 2, SEM_UNDO));
  TRY(op(2, 4, SEM_UNDO));
  TRY(op(2, -4, SEM_UNDO));
  values("inside");
}

static void killed(void) {
  MUST(op(0, -3, SEM_UNDO));
  kill(getpid(), SIGKILL);
}

static void forks(void) {
  MUST(op(0, -1, SEM_UNDO));
  pid_t pid = MUST(fork());
  if (pid == 0) _exit(0);
  reap("grandchild", pid);
  values("after grandchild");
}

static void executes(void) {
  MUST(op(0, -1, SEM_UNDO));
  char number[16];
  snprintf(number, sizeof number, "%d", id);
  execl("/proc/self/exe", "case", number, NULL);
}

static void overwritten(void) {
  MUST(op(0, -2, SEM_UNDO));
  MUST(semctl(id, 0, SETVAL, (union semun){.val = 9}));
  MUST(op(1, -1, SEM_UNDO));
}

static void too_much(void) {
  MUST(semctl(id, 2, SETVAL, (union semun){.val = 32767}));
  TRY(op(2, -32767, SEM_UNDO));
  TRY(op(2, 32767, 0));
  TRY(op(2, -32767, SEM_UNDO));
  TRY(op(2, 30000, SEM_UNDO));
}

static void below_zero(void) {
  TRY(op(2, 5, SEM_UNDO));
  TRY(op(2, -3, 0));
}

static void *in_thread(void *unused) {
  MUST(op(0, -1, SEM_UNDO));
  return unused;
}

static void threads(void) {
  pthread_t thread;
  MUST(pthread_create(&thread, NULL, in_thread, NULL) ? -1 : 0);
  pthread_join(thread, NULL);
  values("after the thread");
}

static void wakes(void) {
  MUST(op(0, -semctl(id, 0, GETVAL), SEM_UNDO));
  if (MUST(fork()) == 0) {
    _exit(op(0, -1, 0) == 0 ? 7 : 8);
  }
  while (semctl(id, 0, GETNCNT) != 1) sched_yield();
}

int main(int argc, char **argv) {
  if (argc > 1) {
    id = atoi(argv[1]);
    values("executed");
    return 0;
  }
  id = MUST(semget(IPC_PRIVATE, 3, 0600));
  unsigned short all[3] = {10, 5, 0};
  MUST(semctl(id, 0, SETALL, (union semun){.array = all}));
  in_child("takes", takes);
  values("takes");
  in_child("killed", killed);
  values("killed");
  in_child("forks", forks);
  values("forks");
  in_child("executes", executes);
  values("executes");
  in_child("overwritten", overwritten);
  values("overwritten");
  in_child("too much", too_much);
  values("too much");
  MUST(semctl(id, 2, SETVAL, (union semun){.val = 0}));
  in_child("below zero", below_zero);
  values("below zero");
  in_child("threads", threads);
  values("threads");
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  in_child("wakes", wakes);
  int status = 0;
  wait(&status);
  say_status("woken", status);
  values("wakes");
  MUST(semctl(id, 0, IPC_RMID));
  return 0;
}
