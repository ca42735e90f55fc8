/* execve(2) and the end of a process detach; copies of fork(2) count. */
#include "ipc.h"

static unsigned long attached(int id) {
  struct shmid_ds ds;
  MUST(shmctl(id, IPC_STAT, &ds));
  return ds.shm_nattch;
}

int main(int argc, char **argv) {
  if (argc > 1) {
    int id = atoi(argv[1]);
    say("after exec %lu\n", attached(id));
    char *p = (char *)MUST((long)shmat(id, NULL, 0));
    say("%s\n", p);
    return 0;
  }
  int id = MUST(shmget(IPC_PRIVATE, 4096, 0600));
  char *p = (char *)MUST((long)shmat(id, NULL, 0));
  strcpy(p, "kept");
  say("first %lu\n", attached(id));
  int ends[2];
  MUST(pipe(ends));
  pid_t pids[3];
  for (int i = 0; i < 3; i++) {
    pids[i] = MUST(fork());
    if (pids[i] == 0) {
      char c;
      close(ends[1]);
      MUST(read(ends[0], &c, 1));
      _exit(0);
    }
  }
  say("forked %lu\n", attached(id));
  kill(pids[0], SIGKILL);
  reap("killed", pids[0]);
  say("killed %lu\n", attached(id));
  close(ends[1]);
  reap("ended", pids[1]);
  reap("ended", pids[2]);
  say("ended %lu\n", attached(id));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    char number[16];
    snprintf(number, sizeof number, "%d", id);
    char *again[] = {argv[0], number, NULL};
    execv("/proc/self/exe", again);
    _exit(1);
  }
  reap("executed", pid);
  say("executed %lu\n", attached(id));
  MUST(shmctl(id, IPC_RMID, NULL));
  if (fork() == 0) {
    strcpy(p, "by a child of a removed one");
    _exit(0);
  }
  wait(NULL);
  say("%s\n", p);
  return 0;
}
