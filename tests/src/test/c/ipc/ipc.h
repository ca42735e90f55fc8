/* What the cases about System V IPC share. */
#ifndef IPC_H
#define IPC_H

#include "case.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* For semctl(2), which the caller has to define. */
union semun {
  int val;
  struct semid_ds *buf;
  unsigned short *array;
  struct seminfo *info;
};

/* A key that two runs at the same time do not share. */
__attribute__((unused)) static key_t own_key(int number) { return getpid() * 16 + number; }

__attribute__((unused)) static void say_owner(const struct ipc_perm *perm) {
  say("uid %u gid %u cuid %u cgid %u mode %o\n", perm->uid, perm->gid, perm->cuid, perm->cgid,
      perm->mode);
}

__attribute__((unused)) static int near(time_t t) {
  time_t now = time(NULL);
  return t > now - 20 && t < now + 20;
}

#endif
