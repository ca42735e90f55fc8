/* Who may attach, look at, change and remove a segment. */
#include "ipc.h"

static int id;
static int mode;

static void as_other(void) {
  become(4321, 4321);
  struct shmid_ds ds = {0};
  errno = 0;
  say("mode %o\n", mode);
  say("attach %s\n", shmat(id, NULL, 0) == (void *)-1 ? error_name(errno) : "ok");
  errno = 0;
  say("attach read-only %s\n", shmat(id, NULL, SHM_RDONLY) == (void *)-1 ? error_name(errno) : "ok");
  errno = 0;
  say("attach to execute %s\n",
      shmat(id, NULL, SHM_RDONLY | SHM_EXEC) == (void *)-1 ? error_name(errno) : "ok");
  TRY(shmctl(id, IPC_STAT, &ds));
  TRY(shmctl(id, IPC_SET, &ds));
  TRY(shmctl(id, IPC_RMID, NULL));
  TRY(shmctl(id, SHM_UNLOCK, NULL));
  OK(shmget(own_key(1), 10, 0));
}

static key_t key;

static void by_key(void) {
  become(4321, 4321);
  OK(shmget(key, 10, 0));
  OK(shmget(key, 10, 0400));
  OK(shmget(key, 10, 0600));
  OK(shmget(key, 10, 0004));
  OK(shmget(key, 10, 0002));
}

static void as_new_owner(void) {
  become(4321, 4321);
  struct shmid_ds ds;
  TRY(shmctl(id, IPC_STAT, &ds));
  say_owner(&ds.shm_perm);
  ds.shm_perm.mode = 0;
  TRY(shmctl(id, IPC_SET, &ds));
  TRY(shmctl(id, IPC_STAT, &ds));
  TRY(shmctl(id, IPC_RMID, NULL));
}

int main(void) {
  static const int modes[] = {0600, 0604, 0602, 0606, 0607};
  for (int i = 0; i < 5; i++) {
    mode = modes[i];
    key = own_key(i);
    id = MUST(shmget(key, 10, IPC_CREAT | IPC_EXCL | mode));
    in_child("other", as_other);
    in_child("key", by_key);
    MUST(shmctl(id, IPC_RMID, NULL));
  }
  id = MUST(shmget(IPC_PRIVATE, 10, 0600));
  struct shmid_ds ds;
  MUST(shmctl(id, IPC_STAT, &ds));
  ds.shm_perm.uid = 4321;
  ds.shm_perm.gid = 99;
  ds.shm_perm.mode = 07640;
  TRY(shmctl(id, IPC_SET, &ds));
  TRY(shmctl(id, IPC_STAT, &ds));
  say_owner(&ds.shm_perm);
  ds.shm_perm.uid = -1;
  TRY(shmctl(id, IPC_SET, &ds));
  TRY(shmctl(id, SHM_LOCK, NULL));
  MUST(shmctl(id, IPC_STAT, &ds));
  say_owner(&ds.shm_perm);
  TRY(shmctl(id, SHM_UNLOCK, NULL));
  TRY(shmctl(id, 99, NULL));
  TRY(shmctl(id, -1, NULL));
  TRY(shmctl(-1, IPC_STAT, &ds));
  TRY(shmctl(id, IPC_STAT, NULL));
  TRY(shmctl(id, IPC_SET, NULL));
  in_child("owner", as_new_owner);
  TRY(shmctl(id, IPC_RMID, NULL));
  return 0;
}
