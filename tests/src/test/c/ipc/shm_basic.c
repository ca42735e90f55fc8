/* A segment is the same memory for all who attach it, and goes with the last of them. */
#include "ipc.h"

static void say_segment(int id) {
  struct shmid_ds ds;
  if (TRY(shmctl(id, IPC_STAT, &ds)) != 0) return;
  say("size %zu attached %lu creator me %d last me %d key %d\n", ds.shm_segsz,
      (unsigned long)ds.shm_nattch, ds.shm_cpid == getpid(), ds.shm_lpid == getpid(),
      ds.shm_perm.__key != 0);
  say_owner(&ds.shm_perm);
  say("times %d %d %d\n", near(ds.shm_atime), near(ds.shm_dtime), near(ds.shm_ctime));
}

int main(void) {
  key_t key = own_key(1);
  int id = MUST(shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0640));
  say_segment(id);
  TRY(shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0640));
  say("same %d\n", shmget(key, 5000, 0) == id);
  say("same %d\n", shmget(key, 0, 0) == id);
  TRY(shmget(key, 10001, 0));
  TRY(shmget(key, 20000, IPC_CREAT | 0600));
  TRY(shmget(own_key(2), 100, 0));
  TRY(shmget(own_key(2), 0, IPC_CREAT | 0600));
  char *a = (char *)MUST((long)shmat(id, NULL, 0));
  char *b = (char *)MUST((long)shmat(id, NULL, SHM_RDONLY));
  say("aligned %d differ %d\n", ((long)a & 4095) == 0, a != b);
  strcpy(a, "hello");
  say("%s, zero %d\n", b, a[9999] | a[12287]);
  say_segment(id);
  pid_t pid = MUST(fork());
  if (pid == 0) {
    say_segment(id);
    strcpy(a + 100, "from the child");
    TRY(shmdt(b));
    TRY(shmdt(b));
    say_segment(id);
    _exit(0);
  }
  reap("child", pid);
  say("%s\n", b + 100);
  say_segment(id);
  TRY(shmctl(id, IPC_RMID, NULL));
  say_segment(id);
  TRY(shmget(key, 0, 0));
  char *c = (char *)shmat(id, NULL, 0);
  say("attaching what is removed: %s\n", c == (void *)-1 ? error_name(errno) : c);
  TRY(shmdt(c));
  TRY(shmdt(a));
  say("still %s\n", b);
  TRY(shmdt(b));
  say_segment(id);
  TRY(shmctl(id, IPC_RMID, NULL));
  TRY((long)shmat(id, NULL, 0) == -1 ? -1 : 0);
  return 0;
}
