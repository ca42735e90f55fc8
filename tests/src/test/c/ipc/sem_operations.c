/* semop: several operations at once are done together or not at all. */
#include "case.h"
#include <sys/sem.h>

int main(void) {
  int id = MUST(semget(IPC_PRIVATE, 2, 0600));
  struct sembuf up[] = {{0, 2, 0}, {1, 1, 0}}, mixed[] = {{0, -1, 0}, {1, -2, IPC_NOWAIT}},
                bad = {2, 1, 0};
  TRY(syscall(SYS_semop, id, up, 2UL));
  TRY(syscall(SYS_semop, id, mixed, 2UL));
  say("%d %d\n", semctl(id, 0, GETVAL), semctl(id, 1, GETVAL));
  TRY(syscall(SYS_semop, id, &bad, 1UL));
  TRY(syscall(SYS_semop, id, up, 0UL));
  TRY(syscall(SYS_semop, id, up, 501UL));
  TRY(syscall(SYS_semop, id, BAD, 1UL));
  TRY(semctl(id, 0, IPC_RMID));
  TRY(syscall(SYS_semop, id, up, 1UL));
  return 0;
}
