/* Semaphores count, and their commands tell and change them. */
#include "ipc.h"

static int id;

static long op(int number, int change, int flags) {
  struct sembuf operation = {number, change, flags};
  return semop(id, &operation, 1);
}

static void values(void) {
  unsigned short all[4];
  MUST(semctl(id, 0, GETALL, (union semun){.array = all}));
  say("values %u %u %u %u\n", all[0], all[1], all[2], all[3]);
}

int main(void) {
  key_t key = own_key(1);
  TRY(semget(key, 0, IPC_CREAT | 0600));
  TRY(semget(key, 32001, IPC_CREAT | 0600));
  TRY(semget(key, -1, IPC_CREAT | 0600));
  TRY(semget(key, 1, 0));
  id = MUST(semget(key, 4, IPC_CREAT | IPC_EXCL | 0640));
  TRY(semget(key, 4, IPC_CREAT | IPC_EXCL | 0640));
  TRY(semget(key, 5, 0));
  say("same %d %d\n", semget(key, 4, 0) == id, semget(key, 0, 0) == id);
  struct semid_ds ds;
  TRY(semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}));
  say("count %lu otime %ld ctime %d\n", ds.sem_nsems, ds.sem_otime, near(ds.sem_ctime));
  say_owner(&ds.sem_perm);
  values();
  TRY(op(0, 5, 0));
  TRY(op(0, -2, 0));
  TRY(op(1, 0, 0));
  TRY(op(0, 0, IPC_NOWAIT));
  TRY(op(1, -1, IPC_NOWAIT));
  TRY(op(4, 1, 0));
  TRY(op(0, 32767, 0));
  TRY(op(0, -32768, IPC_NOWAIT));
  values();
  TRY(semctl(id, 0, GETVAL));
  say("pid %d %d\n", semctl(id, 0, GETPID) == getpid(), semctl(id, 2, GETPID));
  TRY(semctl(id, 0, GETNCNT));
  TRY(semctl(id, 0, GETZCNT));
  TRY(semctl(id, 4, GETVAL));
  TRY(semctl(id, -1, GETVAL));
  TRY(semctl(id, 2, SETVAL, (union semun){.val = 7}));
  TRY(semctl(id, 2, SETVAL, (union semun){.val = 32768}));
  TRY(semctl(id, 2, SETVAL, (union semun){.val = -1}));
  TRY(semctl(id, 9, SETVAL, (union semun){.val = 1}));
  say("pid %d\n", semctl(id, 2, GETPID) == getpid());
  unsigned short all[4] = {1, 2, 3, 32767};
  TRY(semctl(id, 0, SETALL, (union semun){.array = all}));
  values();
  all[1] = 32768;
  TRY(semctl(id, 0, SETALL, (union semun){.array = all}));
  TRY(semctl(id, 0, SETALL, (union semun){.array = NULL}));
  TRY(semctl(id, 0, GETALL, (union semun){.array = NULL}));
  values();
  struct sembuf several[] = {{0, -1, 0}, {1, -2, 0}, {2, -4, IPC_NOWAIT}};
  TRY(semop(id, several, 3));
  values();
  several[2].sem_op = -3;
  TRY(semop(id, several, 3));
  values();
  struct sembuf same[] = {{0, 3, 0}, {0, -3, 0}, {0, 0, 0}, {0, 1, 0}};
  TRY(semop(id, same, 4));
  values();
  TRY(semop(id, several, 0));
  TRY(semop(id, several, 501));
  TRY(semop(id, NULL, 1));
  TRY(semop(-1, several, 1));
  TRY(semop(id + 100000000, several, 1));
  TRY(semctl(id, 0, 99));
  TRY(semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}));
  say("otime %d\n", near(ds.sem_otime));
  TRY(semctl(id, 0, IPC_RMID));
  TRY(semctl(id, 0, GETVAL));
  TRY(op(0, 1, 0));
  return 0;
}
