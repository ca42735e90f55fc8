/* mq_notify(3): one process is told once that a message came to an empty queue. */
#include "queues.h"

static mqd_t queue;
static volatile int count;

static void handler(int signal, siginfo_t *info, void *context) {
  (void)context;
  say("signal %d code %d pid %d uid %u value %d\n", signal, info->si_code,
      info->si_pid == getpid(), info->si_uid, info->si_value.sival_int);
  count++;
}

static void show(void) {
  char text[200] = "";
  lseek(queue, 0, SEEK_SET);
  MUST(read(queue, text, sizeof text));
  char *pid = strstr(text, "NOTIFY_PID");
  int number = pid ? atoi(pid + 11) : -1;
  if (pid) *pid = 0;
  say("%s pid %s\n", text, number == 0 ? "0" : number == getpid() ? "me" : "other");
}

static void take(void) {
  char text[8192];
  MUST(mq_receive(queue, text, sizeof text, NULL));
}

static void second(void) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2};
  TRY(mq_notify(queue, &event));
  TRY(mq_notify(queue, NULL));
}

static void registers(void) {
  struct sigevent event = {.sigev_notify = SIGEV_NONE};
  TRY(mq_notify(queue, &event));
  show();
}

int main(void) {
  queue = MUST(mq_open(own_name(0), O_RDWR | O_CREAT, 0600, NULL));
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);
  struct sigevent event = {
      .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42};
  show();
  TRY(mq_notify(queue, &event));
  show();
  TRY(mq_notify(queue, &event));
  in_child("second", second);
  MUST(mq_send(queue, "abc", 3, 0));
  say("count %d\n", count);
  show();
  TRY(mq_notify(queue, &event));
  MUST(mq_send(queue, "abc", 3, 0));
  say("count %d, not empty\n", count);
  take();
  take();
  MUST(mq_send(queue, "abc", 3, 0));
  say("count %d\n", count);
  take();
  TRY(mq_notify(queue, &event));
  TRY(mq_notify(queue, NULL));
  MUST(mq_send(queue, "abc", 3, 0));
  say("count %d\n", count);
  take();
  TRY(mq_notify(queue, &event));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    take();
    _exit(0);
  }
  until_asleep(pid);
  MUST(mq_send(queue, "abc", 3, 0));
  reap("receiver", pid);
  say("count %d, somebody waited\n", count);
  show();
  MUST(close(MUST(dup(queue))));
  show();
  in_child("registers", registers);
  show();
  event.sigev_notify = 77;
  TRY(mq_notify(queue, &event));
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = 65;
  TRY(mq_notify(queue, &event));
  event.sigev_signo = -1;
  TRY(mq_notify(queue, &event));
  event.sigev_signo = SIGUSR1;
  TRY(mq_notify(0, &event));
  TRY(mq_notify(77, &event));
  TRY(syscall(SYS_mq_notify, queue, (void *)8));
  mq_unlink(own_name(0));
  return 0;
}
