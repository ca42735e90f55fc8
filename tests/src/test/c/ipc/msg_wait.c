/* Receivers and senders wait, get what they wait for, and learn that the queue is gone. */
#include "ipc.h"

struct message {
  long type;
  char text[8192];
};

static int id;

static pid_t receiver(long type, size_t size, int flags) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    struct message m = {0};
    long n = msgrcv(id, &m, size, type, flags);
    _exit(n < 0 ? errno : 200 + n);
  }
  until_asleep(pid);
  return pid;
}

static pid_t sender(size_t size) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    struct message m = {.type = 7};
    _exit(msgsnd(id, &m, size, 0) < 0 ? errno : 200);
  }
  until_asleep(pid);
  return pid;
}

static void put(long type, size_t size) {
  struct message m = {.type = type};
  MUST(msgsnd(id, &m, size, IPC_NOWAIT));
}

static void say_code(const char *what, pid_t pid) {
  int status;
  MUST(waitpid(pid, &status, 0));
  int code = WEXITSTATUS(status);
  if (code >= 200)
    say("%s: %d\n", what, code - 200);
  else
    say("%s: %s\n", what, error_name(code));
}

static unsigned long count(void) {
  struct msqid_ds ds;
  MUST(msgctl(id, IPC_STAT, &ds));
  return ds.msg_qnum;
}

static void handler(int signal) { (void)signal; }

int main(void) {
  struct message m;
  id = MUST(msgget(IPC_PRIVATE, 0600));
  pid_t five = receiver(5, 10, 0);
  pid_t any = receiver(0, 10, 0);
  put(3, 3);
  say_code("any", any);
  put(5, 4);
  say_code("five", five);
  say("left %lu\n", count());

  pid_t small = receiver(0, 2, 0);
  pid_t cut = receiver(0, 3, MSG_NOERROR);
  put(1, 6);
  say_code("too small", small);
  say_code("cut", cut);
  say("left %lu\n", count());

  put(1, 8192);
  put(2, 8192);
  pid_t waits = sender(100);
  TRY(msgrcv(id, &m, 8192, 0, 0));
  say_code("sender", waits);
  say("left %lu\n", count());

  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  pid_t interrupted = receiver(77, 1, 0);
  kill(interrupted, SIGUSR1);
  say_code("receiver with a signal", interrupted);
  put(1, 8000);
  waits = sender(8000);
  kill(waits, SIGUSR1);
  say_code("sender with a signal", waits);

  struct msqid_ds ds;
  MUST(msgctl(id, IPC_STAT, &ds));
  waits = sender(8000);
  ds.msg_qbytes = 10;
  TRY(msgctl(id, IPC_SET, &ds));
  pid_t gone = receiver(77, 1, 0);
  MUST(msgctl(id, IPC_RMID, NULL));
  say_code("sender", waits);
  say_code("receiver", gone);
  return 0;
}
