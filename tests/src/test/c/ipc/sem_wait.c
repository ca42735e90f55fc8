/* Who waits for a semaphore, in which order they go on, and what ends their waiting. */
#include "ipc.h"

static int id;

static long op(int number, int change, int flags) {
  struct sembuf operation = {number, change, flags};
  return semop(id, &operation, 1);
}

static int counts(int number, int command) { return semctl(id, number, command); }

static pid_t waiter(int number, int change, int result) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    long r = op(number, change, 0);
    _exit(r == 0 ? result : errno);
  }
  until_asleep(pid);
  return pid;
}

static void handler(int signal) { (void)signal; }

int main(void) {
  id = MUST(semget(IPC_PRIVATE, 3, 0600));
  pid_t one = waiter(0, -1, 101);
  pid_t three = waiter(0, -3, 103);
  pid_t zero;
  say("waiting %d %d\n", counts(0, GETNCNT), counts(0, GETZCNT));
  MUST(op(0, 1, 0));
  reap("one", one);
  say("pid of it %d\n", semctl(id, 0, GETPID) == one);
  say("waiting %d value %d\n", counts(0, GETNCNT), counts(0, GETVAL));
  MUST(op(0, 2, 0));
  say("waiting %d value %d\n", counts(0, GETNCNT), counts(0, GETVAL));
  zero = waiter(0, 0, 100);
  say("waiting %d %d\n", counts(0, GETNCNT), counts(0, GETZCNT));
  MUST(op(0, 1, 0));
  reap("three", three);
  reap("zero", zero);
  say("value %d\n", counts(0, GETVAL));

  three = waiter(1, -3, 103);
  one = waiter(1, -1, 101);
  MUST(semctl(id, 1, SETVAL, (union semun){.val = 1}));
  reap("one", one);
  say("waiting %d\n", counts(1, GETNCNT));
  unsigned short all[3] = {0, 3, 0};
  MUST(semctl(id, 0, SETALL, (union semun){.array = all}));
  reap("three", three);

  pid_t pid = MUST(fork());
  if (pid == 0) { /* what is not carried out whole waits for its first obstacle */
    struct sembuf both[] = {{0, -1, 0}, {1, -1, 0}};
    _exit(semop(id, both, 2) == 0 ? 50 : errno);
  }
  until_asleep(pid);
  say("first %d second %d\n", counts(0, GETNCNT), counts(1, GETNCNT));
  MUST(op(0, 1, 0));
  while (counts(1, GETNCNT) == 0) sched_yield();
  say("first %d second %d value %d\n", counts(0, GETNCNT), counts(1, GETNCNT), counts(0, GETVAL));
  MUST(op(1, 1, 0));
  reap("both", pid);
  say("values %d %d\n", counts(0, GETVAL), counts(1, GETVAL));

  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  pid = waiter(2, -1, 50);
  kill(pid, SIGUSR1);
  reap("interrupted", pid);
  say("waiting %d\n", counts(2, GETNCNT));

  struct timespec time = {0, 20000000};
  struct sembuf take = {2, -1, 0};
  TRY(semtimedop(id, &take, 1, &time));
  time.tv_sec = -1;
  TRY(semtimedop(id, &take, 1, &time));
  time.tv_sec = 0;
  time.tv_nsec = 1000000000;
  TRY(semtimedop(id, &take, 1, &time));
  TRY(semtimedop(id, &take, 1, (void *)8));
  time.tv_nsec = 0;
  TRY(semtimedop(id, &take, 1, &time));
  take.sem_op = 1;
  TRY(semtimedop(id, &take, 1, &time));

  pid = waiter(0, -1, 50);
  MUST(semctl(id, 0, IPC_RMID));
  int status;
  waitpid(pid, &status, 0);
  say("removed: %s\n", error_name(WEXITSTATUS(status)));
  return 0;
}
