/* Who may use, look at, change and remove a set. */
#include "ipc.h"

static int id;

static void as_other(void) {
  become(4321, 4321);
  struct sembuf up = {0, 1, 0}, zero = {1, 0, 0};
  struct semid_ds ds = {0};
  unsigned short all[2] = {0};
  TRY(semop(id, &up, 1));
  TRY(semop(id, &zero, 1));
  TRY(semctl(id, 0, GETVAL));
  TRY(semctl(id, 0, GETALL, (union semun){.array = all}));
  TRY(semctl(id, 0, SETVAL, (union semun){.val = 0}));
  TRY(semctl(id, 0, SETALL, (union semun){.array = all}));
  TRY(semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}));
  TRY(semctl(id, 0, IPC_SET, (union semun){.buf = &ds}));
  TRY(semctl(id, 0, IPC_RMID));
}

int main(void) {
  static const int modes[] = {0600, 0604, 0602, 0606};
  for (int i = 0; i < 4; i++) {
    id = MUST(semget(IPC_PRIVATE, 2, modes[i]));
    say("mode %o\n", modes[i]);
    in_child("other", as_other);
    struct semid_ds ds;
    MUST(semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}));
    ds.sem_perm.uid = 4321;
    ds.sem_perm.mode = 01700;
    TRY(semctl(id, 0, IPC_SET, (union semun){.buf = &ds}));
    TRY(semctl(id, 0, IPC_STAT, (union semun){.buf = &ds}));
    say_owner(&ds.sem_perm);
    in_child("owner", as_other);
    semctl(id, 0, IPC_RMID);
  }
  return 0;
}
