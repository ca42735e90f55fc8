/* Waiting for messages and for room, with and without an end. */
#include "queues.h"

static mqd_t queue;
static char text[8192];

static void handler(int signal) { (void)signal; }

static pid_t receiver(void) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    ssize_t n = mq_receive(queue, text, sizeof text, NULL);
    _exit(n < 0 ? errno : 200 + n);
  }
  until_asleep(pid);
  return pid;
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

int main(void) {
  struct mq_attr a = {.mq_maxmsg = 2, .mq_msgsize = 8192};
  queue = MUST(mq_open(own_name(0), O_RDWR | O_CREAT, 0600, &a));
  mq_unlink(own_name(0));
  pid_t pid = receiver();
  MUST(mq_send(queue, "abc", 3, 0));
  say_code("receiver", pid);
  MUST(mq_send(queue, "abc", 3, 0));
  MUST(mq_send(queue, "abcd", 4, 1));
  pid = MUST(fork());
  if (pid == 0) _exit(mq_send(queue, "abcde", 5, 2) == 0 ? 200 : errno);
  until_asleep(pid);
  TRY(mq_receive(queue, text, sizeof text, NULL));
  say_code("sender", pid);
  TRY(mq_receive(queue, text, sizeof text, NULL));
  TRY(mq_receive(queue, text, sizeof text, NULL));

  struct sigaction action = {.sa_handler = handler};
  sigaction(SIGUSR1, &action, NULL);
  pid = receiver();
  kill(pid, SIGUSR1);
  say_code("interrupted", pid);
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, NULL);
  pid = receiver();
  kill(pid, SIGUSR1);
  until_asleep(pid);
  MUST(mq_send(queue, "ab", 2, 0));
  say_code("restarted", pid);

  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  TRY(mq_timedreceive(queue, text, sizeof text, NULL, &time));
  time.tv_nsec += 20000000;
  if (time.tv_nsec >= 1000000000) time.tv_sec++, time.tv_nsec -= 1000000000;
  TRY(mq_timedreceive(queue, text, sizeof text, NULL, &time));
  time.tv_sec = 0;
  TRY(mq_timedreceive(queue, text, sizeof text, NULL, &time));
  TRY(mq_timedsend(queue, "a", 1, 0, &time));
  TRY(mq_timedsend(queue, "a", 1, 0, &time));
  TRY(mq_timedsend(queue, "a", 1, 0, &time));
  time.tv_nsec = 1000000000;
  TRY(mq_timedsend(queue, "a", 1, 0, &time));
  time.tv_sec = -1;
  time.tv_nsec = 0;
  TRY(mq_timedreceive(queue, text, sizeof text, NULL, &time));
  TRY(mq_timedreceive(queue, text, sizeof text, NULL, (void *)8));
  return 0;
}
