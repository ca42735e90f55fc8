/* chmod, chown, umask and the set-ID bits. */
#include "case.h"

static void show(const char *path) {
  struct stat st;
  MUST(lstat(path, &st));
  say("  %s %o %d %d\n", path, st.st_mode, st.st_uid, st.st_gid);
}

int main(void) {
  scratch();
  umask(027);
  MUST(close(MUST(open("f", O_RDWR | O_CREAT, 0666))));
  MUST(mkdir("d", 0777));
  show("f");
  show("d");
  TRY(chmod("f", 06777));
  TRY(chown("f", 10, 20));
  show("f");
  TRY(chmod("f", 02767));
  TRY(chown("f", -1, 30));
  show("f");
  MUST(chmod("d", 02775));
  MUST(chown("d", 0, 77));
  MUST(mkdir("d/sub", 0755));
  MUST(close(MUST(open("d/file", O_RDWR | O_CREAT, 0644))));
  show("d/sub");
  show("d/file");
  MUST(symlink("f", "l"));
  TRY(lchown("l", 3, 4));
  show("l");
  TRY(fchmodat(AT_FDCWD, "l", 0600, AT_SYMLINK_NOFOLLOW));
  MUST(chown("f", 1234, 1234));
  int fd = MUST(open("f", O_RDWR));
  TRY(fchmod(fd, 06755));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    gid_t extra = 50;
    MUST(setgroups(1, &extra));
    MUST(setresgid(1234, 1234, 1234));
    MUST(setresuid(1234, 1234, 1234));
    TRY(chown("f", 1234, 50));
    show("f");
    TRY(chown("f", 1234, 51));
    TRY(chown("f", 1235, -1));
    TRY(chmod("f", 02755));
    show("f");
    TRY(chmod("d", 0777));
    MUST(chmod("f", 06755));
    TRY(write(fd, "x", 1));
    show("f");
    _exit(0);
  }
  reap("user", pid);
  say("umask %o\n", umask(0));
  return 0;
}
