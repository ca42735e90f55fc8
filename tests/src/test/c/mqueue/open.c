/* Names, sizes and permissions. */
#include "queues.h"

static char *name;

static void other(void) {
  become(4321, 4321);
  OK(mq_open(name, O_RDONLY));
  OK(mq_open(name, O_WRONLY));
  OK(mq_open(name, O_RDWR | O_CREAT, 0600, NULL));
  TRY(mq_unlink(name));
}

static void sized(long messages, long size) {
  struct mq_attr a = {.mq_maxmsg = messages, .mq_msgsize = size};
  errno = 0;
  mqd_t queue = mq_open(own_name(1), O_RDWR | O_CREAT | O_EXCL, 0600, &a);
  say("%ld of %ld: %s\n", messages, size, queue == (mqd_t)-1 ? error_name(errno) : "ok");
  if (queue != (mqd_t)-1) {
    say_attributes(queue);
    mq_close(queue);
    mq_unlink(own_name(1));
  }
}

static void sizes(void) {
  become(4321, 4321);
  sized(0, 10);
  sized(-1, 10);
  sized(10, 0);
  sized(1, 1);
  sized(10, 8192);
  sized(11, 10);
  sized(1, 8193);
  mqd_t queue;
  int count = 0;
  char many[64];
  do { /* until RLIMIT_MSGQUEUE */
    snprintf(many, sizeof many, "%s.%d", name, count);
    errno = 0;
    queue = mq_open(many, O_RDWR | O_CREAT | O_EXCL, 0600, NULL);
  } while (queue != (mqd_t)-1 && ++count < 100);
  say("%d queues, then %s\n", count, error_name(errno));
  while (count-- > 0) {
    snprintf(many, sizeof many, "%s.%d", name, count);
    TRY(mq_unlink(many));
  }
}

int main(void) {
  struct rlimit limit = {819200, 819200};
  MUST(setrlimit(RLIMIT_MSGQUEUE, &limit));
  name = own_name(0);
  MUST(mq_open(name, O_RDWR | O_CREAT, 0604, NULL));
  in_child("other", other);
  in_child("sizes", sizes);
  TRY(syscall(SYS_mq_open, "", O_RDWR | O_CREAT, 0600, NULL));
  TRY(syscall(SYS_mq_open, "/x", O_RDWR | O_CREAT, 0600, NULL));
  TRY(syscall(SYS_mq_open, "a/x", O_RDWR | O_CREAT, 0600, NULL));
  TRY(syscall(SYS_mq_open, "..", O_RDWR | O_CREAT, 0600, NULL));
  TRY(syscall(SYS_mq_open, (void *)8, O_RDWR | O_CREAT, 0600, NULL));
  TRY(syscall(SYS_mq_open, name + 1, O_RDWR | O_CREAT, 0600, (void *)8));
  TRY(syscall(SYS_mq_open, name + 1, 3));
  char longest[300];
  memset(longest, 'n', sizeof longest);
  longest[256] = 0;
  TRY(syscall(SYS_mq_open, longest, O_RDWR | O_CREAT, 0600, NULL));
  longest[255] = 0;
  OK(syscall(SYS_mq_open, longest, O_RDWR | O_CREAT, 0600, NULL));
  TRY(syscall(SYS_mq_unlink, longest));
  TRY(syscall(SYS_mq_unlink, "a/x"));
  TRY(mq_unlink(name));
  return 0;
}
