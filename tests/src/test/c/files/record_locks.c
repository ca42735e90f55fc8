/* POSIX record locks: ranges, conflicts, F_GETLK, release on close. */
#include "case.h"

static int fd;

static int lock(int type, long start, long length) {
  struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  return fcntl(fd, F_SETLK, &l);
}

static void look(long start, long length) {
  struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  if (fcntl(fd, F_GETLK, &l) == -1) say("%s\n", error_name(errno));
  else if (l.l_type == F_UNLCK) say("%ld+%ld free\n", start, length);
  else say("%ld+%ld: %s %ld+%ld by parent %d\n", start, length, l.l_type == F_RDLCK ? "read" : "write",
           (long)l.l_start, (long)l.l_len, l.l_pid == getppid());
}

static void child(void) {
  look(0, 5);
  look(10, 5);
  look(0, 0);
  look(300, 1);
  TRY(lock(F_WRLCK, 10, 1));
  TRY(lock(F_RDLCK, 20, 1));
  TRY(lock(F_WRLCK, 20, 1));
  TRY(lock(F_RDLCK, 0, 5));
  TRY(lock(F_WRLCK, 0, 5));
}

static void after(void) {
  TRY(lock(F_WRLCK, 0, 0));
}

int main(void) {
  scratch();
  fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  TRY(lock(F_WRLCK, 10, 10));
  TRY(lock(F_RDLCK, 20, 10));
  TRY(lock(F_WRLCK, 100, 0));
  TRY(lock(F_UNLCK, 15, 1));
  in_child("child", child);
  TRY(lock(F_WRLCK, 10, 20));
  TRY(lock(9, 0, 1));
  TRY(lock(F_WRLCK, -1, 1));
  TRY(lock(F_WRLCK, 5, -3));
  in_child("child", child);
  int second = MUST(open("f", O_RDONLY));
  close(second);
  in_child("after a close", after);
  int ro = MUST(open("f", O_RDONLY));
  fd = ro;
  TRY(lock(F_WRLCK, 0, 1));
  TRY(lock(F_RDLCK, 0, 1));
  return 0;
}
