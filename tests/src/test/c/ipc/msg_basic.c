/* Messages by type, in order, with their sizes. */
#include "ipc.h"

struct message {
  long type;
  char text[8192];
};

static int id;

static long put(long type, const char *text) {
  struct message m = {.type = type};
  strcpy(m.text, text);
  return msgsnd(id, &m, strlen(text), IPC_NOWAIT);
}

static void get(long type, size_t size, int flags) {
  struct message m = {0};
  errno = 0;
  long n = msgrcv(id, &m, size, type, flags);
  say("get %ld %zu %#x: %ld %ld '%s' %s\n", type, size, flags, n, m.type, m.text,
      n < 0 ? error_name(errno) : "");
}

static void say_queue(void) {
  struct msqid_ds ds;
  if (TRY(msgctl(id, IPC_STAT, &ds)) != 0) return;
  say("bytes %lu count %lu room %lu senders %d %d\n", ds.__msg_cbytes, ds.msg_qnum, ds.msg_qbytes,
      ds.msg_lspid == getpid(), ds.msg_lrpid == getpid());
  say("times %d %d %d\n", near(ds.msg_stime), near(ds.msg_rtime), near(ds.msg_ctime));
  say_owner(&ds.msg_perm);
}

int main(void) {
  key_t key = own_key(1);
  TRY(msgget(key, 0));
  id = MUST(msgget(key, IPC_CREAT | IPC_EXCL | 0640));
  TRY(msgget(key, IPC_CREAT | IPC_EXCL | 0640));
  say("same %d\n", msgget(key, 0) == id);
  say_queue();
  get(0, 100, IPC_NOWAIT);
  for (int i = 0; i < 9; i++) {
    char text[16];
    snprintf(text, sizeof text, "message %d", i);
    TRY(put(1 + i * 5 % 7, text));
  }
  say_queue();
  get(1, 4, IPC_NOWAIT);
  get(3, 100, IPC_NOWAIT);
  get(3, 100, IPC_NOWAIT);
  get(-3, 100, IPC_NOWAIT);
  get(-3, 100, IPC_NOWAIT);
  get(-1, 100, IPC_NOWAIT);
  get(6, 100, IPC_NOWAIT | MSG_EXCEPT);
  get(0, 4, IPC_NOWAIT | MSG_NOERROR);
  get(0, 0, IPC_NOWAIT | MSG_NOERROR);
  get(1, 100, IPC_NOWAIT | MSG_COPY);
  get(0, 100, IPC_NOWAIT | MSG_COPY);
  get(77, 100, IPC_NOWAIT | MSG_COPY);
  get(0, 100, MSG_COPY);
  get(0, 100, IPC_NOWAIT | MSG_COPY | MSG_EXCEPT);
  get(LONG_MIN, 100, IPC_NOWAIT);
  get(0, 100, IPC_NOWAIT);
  say_queue();
  TRY(put(0, "x"));
  TRY(put(-1, "x"));
  struct message m = {.type = 9};
  TRY(msgsnd(id, &m, 8193, IPC_NOWAIT));
  TRY(msgsnd(id, &m, -1, IPC_NOWAIT));
  TRY(msgsnd(id, NULL, 1, IPC_NOWAIT));
  TRY(msgsnd(id, &m, 8192, IPC_NOWAIT));
  TRY(msgsnd(id, &m, 8192, IPC_NOWAIT));
  TRY(msgsnd(id, &m, 1, IPC_NOWAIT));
  TRY(msgsnd(id, &m, 0, IPC_NOWAIT));
  say_queue();
  TRY(msgrcv(id, &m, -1, 0, IPC_NOWAIT));
  TRY(msgrcv(id, NULL, 8192, 0, IPC_NOWAIT));
  TRY(msgrcv(-1, &m, 1, 0, IPC_NOWAIT));
  say_queue();
  TRY(msgrcv(id, &m, 8192, 0, IPC_NOWAIT));
  TRY(msgrcv(id, &m, 8192, 0, IPC_NOWAIT));
  TRY(msgctl(id, 99, NULL));
  TRY(msgctl(id, IPC_RMID, NULL));
  TRY(msgctl(id, IPC_RMID, NULL));
  TRY(put(1, "x"));
  get(0, 1, IPC_NOWAIT);
  return 0;
}
