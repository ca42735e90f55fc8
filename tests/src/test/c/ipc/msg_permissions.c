/* Who may send, receive, look at, change and remove. */
#include "ipc.h"

static int id;

static void as_other(void) {
  become(4321, 4321);
  struct {
    long type;
    char text[4];
  } m = {1, "abc"};
  struct msqid_ds ds = {.msg_qbytes = 5};
  TRY(msgsnd(id, &m, 3, IPC_NOWAIT));
  TRY(msgrcv(id, &m, 3, 0, IPC_NOWAIT));
  TRY(msgctl(id, IPC_STAT, &ds));
  ds.msg_qbytes = 16385;
  TRY(msgctl(id, IPC_SET, &ds));
  ds.msg_qbytes = 16000;
  TRY(msgctl(id, IPC_SET, &ds));
  TRY(msgctl(id, IPC_STAT, &ds));
  TRY(msgctl(id, IPC_RMID, NULL));
}

int main(void) {
  static const int modes[] = {0600, 0604, 0602, 0606};
  for (int i = 0; i < 4; i++) {
    id = MUST(msgget(IPC_PRIVATE, modes[i]));
    say("mode %o\n", modes[i]);
    in_child("other", as_other);
    struct msqid_ds ds;
    MUST(msgctl(id, IPC_STAT, &ds));
    ds.msg_perm.uid = 4321;
    ds.msg_perm.mode = 0700;
    ds.msg_qbytes = 100;
    TRY(msgctl(id, IPC_SET, &ds));
    TRY(msgctl(id, IPC_STAT, &ds));
    say_owner(&ds.msg_perm);
    say("room %lu\n", ds.msg_qbytes);
    in_child("owner", as_other);
    msgctl(id, IPC_RMID, NULL);
  }
  return 0;
}
