/* Messages come by priority and age; sizes and descriptors are checked. */
#include "queues.h"

static void get(mqd_t queue, size_t size) {
  char text[8192] = "";
  unsigned priority = 99;
  errno = 0;
  ssize_t n = mq_receive(queue, text, size, &priority);
  say("get %zu: %zd '%.*s' %u %s\n", size, n, n > 0 ? (int)n : 0, text, n < 0 ? 0 : priority,
      n < 0 ? error_name(errno) : "");
}

int main(void) {
  char *name = own_name(0);
  umask(027);
  OK(mq_open(name, O_RDWR));
  mqd_t queue = MUST(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0666, NULL));
  OK(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0666, NULL));
  say("close on exec %d\n", fcntl(queue, F_GETFD));
  struct stat st;
  MUST(fstat(queue, &st));
  say("mode %o size %ld links %lu\n", st.st_mode, (long)st.st_size, (unsigned long)st.st_nlink);
  say_attributes(queue);
  TRY(mq_send(queue, "first", 5, 1));
  TRY(mq_send(queue, "second", 6, 5));
  TRY(mq_send(queue, "third", 5, 1));
  TRY(mq_send(queue, "fourth", 6, 5));
  TRY(mq_send(queue, "", 0, 0));
  TRY(mq_send(queue, "highest", 7, 32767));
  TRY(mq_send(queue, "x", 1, 32768));
  TRY(mq_send(queue, (char *)8, 5, 1));
  TRY(mq_send(queue, "x", 8193, 1));
  say_attributes(queue);
  char text[200] = "";
  ssize_t n = MUST(read(queue, text, sizeof text));
  say("%zd %s", n, text);
  get(queue, 8191);
  for (int i = 0; i < 6; i++) get(queue, 8192);
  struct mq_attr attributes = {.mq_flags = O_NONBLOCK, .mq_maxmsg = 3};
  TRY(mq_setattr(queue, &attributes, NULL));
  say_attributes(queue);
  get(queue, 8192);
  for (int i = 0; i < 11; i++) TRY(mq_send(queue, "x", 1, i));
  struct pollfd poll_ = {queue, POLLIN | POLLOUT};
  TRY(poll(&poll_, 1, 0));
  say("%#x\n", poll_.revents);
  get(queue, 8192);
  TRY(poll(&poll_, 1, 0));
  say("%#x\n", poll_.revents);
  attributes.mq_flags = O_APPEND;
  TRY(mq_setattr(queue, &attributes, NULL));
  mqd_t reads = MUST(mq_open(name, O_RDONLY));
  mqd_t writes = MUST(mq_open(name, O_WRONLY));
  TRY(mq_send(reads, "x", 1, 0));
  get(writes, 8192);
  get(reads, 8192);
  TRY(mq_send(0, "x", 1, 0));
  TRY(mq_send(77, "x", 1, 0));
  TRY(mq_getattr(0, &attributes));
  TRY(write(queue, "x", 1));
  TRY(mq_unlink(name));
  TRY(mq_unlink(name));
  OK(mq_open(name, O_RDWR));
  get(reads, 8192);
  return 0;
}
