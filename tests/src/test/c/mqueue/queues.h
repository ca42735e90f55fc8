/* What the cases about POSIX message queues share. */
#ifndef QUEUES_H
#define QUEUES_H

#include "case.h"
#include <mqueue.h>

/* A name that two runs at the same time do not share. */
__attribute__((unused)) static char *own_name(int number) {
  static char names[8][64];
  snprintf(names[number], sizeof names[number], "/case.%d.%d", getpid(), number);
  return names[number];
}

__attribute__((unused)) static void say_attributes(mqd_t queue) {
  struct mq_attr a;
  if (TRY(mq_getattr(queue, &a)) == 0)
    say("flags %#lx messages %ld of %ld size %ld\n", a.mq_flags, a.mq_curmsgs, a.mq_maxmsg,
        a.mq_msgsize);
}

#endif
