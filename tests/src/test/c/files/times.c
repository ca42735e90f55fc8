/* Times of files: which call changes which, utimensat. */
#include "case.h"

static struct stat st;

static void set_old(void) {
  struct timespec t[2] = {{1000, 5}, {2000, 6}};
  MUST(utimensat(AT_FDCWD, "f", t, 0));
}

static void show(const char *what) {
  MUST(stat("f", &st));
  say("%s: access %s modify %s change %s\n", what, st.st_atime == 1000 ? "old" : "new",
      st.st_mtime == 2000 ? "old" : "new", st.st_ctime < 3000 ? "old" : "new");
}

int main(void) {
  scratch();
  MUST(write_file("f", "x"));
  set_old();
  show("set");
  say("nanoseconds %ld %ld\n", st.st_atim.tv_nsec, st.st_mtim.tv_nsec);
  int fd = MUST(open("f", O_RDWR));
  MUST(chmod("f", 0600));
  show("chmod");
  MUST(pwrite(fd, "y", 1, 0));
  show("write");
  set_old();
  MUST(ftruncate(fd, 1));
  show("truncate to the same");
  set_old();
  struct timespec t[2] = {{0, UTIME_OMIT}, {0, UTIME_NOW}};
  TRY(utimensat(AT_FDCWD, "f", t, 0));
  show("omit and now");
  t[0].tv_nsec = 1000000000;
  TRY(utimensat(AT_FDCWD, "f", t, 0));
  TRY(utimensat(AT_FDCWD, "missing", NULL, 0));
  TRY(utimensat(AT_FDCWD, "f", NULL, 0x8000));
  TRY(futimens(fd, NULL));
  MUST(symlink("f", "l"));
  struct timespec u[2] = {{5, 0}, {6, 0}};
  TRY(utimensat(AT_FDCWD, "l", u, AT_SYMLINK_NOFOLLOW));
  MUST(lstat("l", &st));
  say("link %ld\n", (long)st.st_mtime);
  MUST(chmod("f", 0644));
  become(1234, 1234);
  TRY(utimensat(AT_FDCWD, "f", u, 0));
  TRY(utimensat(AT_FDCWD, "f", NULL, 0));
  return 0;
}
