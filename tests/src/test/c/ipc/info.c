/* The limits that the info commands tell, the commands that list, and /proc/sysvipc. */
#include "ipc.h"

static void show(const char *path) {
  char text[256] = "";
  FILE *file = fopen(path, "r");
  if (file && fgets(text, sizeof text, file)) say("%s: %s", path, text);
  if (file) fclose(file);
}

/* The line of a file about one object, without identifiers, pids and times. */
static void line(const char *path, int id, int first, int count) {
  char text[512];
  FILE *file = fopen(path, "r");
  if (!fgets(text, sizeof text, file)) return;
  while (fgets(text, sizeof text, file)) {
    char *word[24];
    int n = 0;
    for (char *w = strtok(text, " \n"); w && n < 24; w = strtok(NULL, " \n")) word[n++] = w;
    if (n < 3 || atoi(word[1]) != id) continue;
    say("%s:", path);
    for (int i = first; i < first + count && i < n; i++) say(" %s", word[i]);
    say(" of %d\n", n);
  }
  fclose(file);
}

/* Whether a listing command finds an object. */
#define FIND(highest, call, ds, expected)          \
  ({                                               \
    int found_ = 0;                                \
    for (int i = 0; i <= (highest); i++) found_ |= (call) == (expected); \
    found_;                                        \
  })

int main(void) {
  struct shminfo shm;
  struct seminfo sem;
  struct msginfo msg;
  int shmid = MUST(shmget(IPC_PRIVATE, 5000, 0604));
  int semid = MUST(semget(IPC_PRIVATE, 3, 0640));
  int msgid = MUST(msgget(IPC_PRIVATE, 0602));
  say("shm %d\n", shmctl(0, IPC_INFO, (void *)&shm) >= 0);
  say("%lu %lu %lu %lu %lu\n", shm.shmmax, shm.shmmin, shm.shmmni, shm.shmseg, shm.shmall);
  say("sem %d\n", semctl(0, 0, IPC_INFO, (union semun){.info = &sem}) >= 0);
  say("%d %d %d %d %d %d %d %d %d %d\n", sem.semmap, sem.semmni, sem.semmns, sem.semmnu, sem.semmsl,
      sem.semopm, sem.semume, sem.semusz, sem.semvmx, sem.semaem);
  say("msg %d\n", msgctl(0, IPC_INFO, (void *)&msg) >= 0);
  say("%d %d %d %d %d %d %d %d\n", msg.msgpool, msg.msgmap, msg.msgmax, msg.msgmnb, msg.msgmni,
      msg.msgssz, msg.msgtql, msg.msgseg);

  struct shm_info used;
  int highest = shmctl(0, SHM_INFO, (void *)&used);
  say("shm used %d pages %d\n", used.used_ids >= 1, used.shm_tot >= 2);
  struct shmid_ds shmds;
  say("listed %d\n", FIND(highest, shmctl(i, SHM_STAT, &shmds), shmds, shmid));
  say("listed %d\n", FIND(highest, shmctl(i, SHM_STAT_ANY, &shmds), shmds, shmid));
  highest = semctl(0, 0, SEM_INFO, (union semun){.info = &sem});
  say("sem used %d %d\n", sem.semusz >= 1, sem.semaem >= 3);
  struct semid_ds semds;
  say("listed %d\n",
      FIND(highest, semctl(i, 0, SEM_STAT, (union semun){.buf = &semds}), semds, semid));
  highest = msgctl(0, MSG_INFO, (void *)&msg);
  say("msg used %d\n", msg.msgpool >= 1);
  struct msqid_ds msgds;
  say("listed %d\n", FIND(highest, msgctl(i, MSG_STAT, &msgds), msgds, msgid));
  TRY(shmctl(40000, SHM_STAT, &shmds));
  TRY(semctl(40000, 0, SEM_STAT, (union semun){.buf = &semds}));
  TRY(msgctl(40000, MSG_STAT, &msgds));

  show("/proc/sysvipc/shm");
  show("/proc/sysvipc/sem");
  show("/proc/sysvipc/msg");
  line("/proc/sysvipc/shm", shmid, 2, 2);
  line("/proc/sysvipc/shm", shmid, 6, 5);
  line("/proc/sysvipc/sem", semid, 2, 6);
  line("/proc/sysvipc/msg", msgid, 2, 3);
  show("/proc/sys/kernel/shmmax");
  show("/proc/sys/kernel/shmall");
  show("/proc/sys/kernel/shmmni");
  show("/proc/sys/kernel/sem");
  show("/proc/sys/kernel/msgmax");
  show("/proc/sys/kernel/msgmnb");
  show("/proc/sys/kernel/msgmni");
  show("/proc/sys/kernel/shm_rmid_forced");
  MUST(shmctl(shmid, IPC_RMID, NULL));
  MUST(semctl(semid, 0, IPC_RMID));
  MUST(msgctl(msgid, IPC_RMID, NULL));
  return 0;
}
