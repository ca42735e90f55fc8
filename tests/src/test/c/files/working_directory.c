/* chdir, fchdir, getcwd, chroot; a directory that is gone. */
#include "case.h"

int main(void) {
  scratch();
  MUST(mkdir("d", 0755));
  MUST(mkdir("d/e", 0755));
  MUST(write_file("f", ""));
  char cwd[PATH_MAX];
  TRY(chdir("f"));
  TRY(chdir("missing"));
  TRY(chdir("d/e"));
  say("%s\n", getcwd(cwd, sizeof cwd) + strlen(scratch_path));
  TRY(syscall(SYS_getcwd, cwd, 5));
  TRY(syscall(SYS_getcwd, BAD, 100));
  MUST(rmdir("../e"));
  TRY(syscall(SYS_getcwd, cwd, sizeof cwd));
  TRY(chdir("."));
  TRY(open("x", O_CREAT | O_RDWR, 0644));
  TRY(chdir(".."));
  TRY(fchdir(1));
  TRY(fchdir(-1));
  MUST(chdir(scratch_path));
  MUST(mkdir("root", 0755));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    TRY(chroot("f"));
    TRY(chroot("root"));
    TRY(access("/root", F_OK));
    MUST(chdir("/"));
    TRY(access("../../../../etc", F_OK));
    say("%s\n", getcwd(cwd, sizeof cwd));
    become(1234, 1234);
    TRY(chroot("/"));
    _exit(0);
  }
  reap("child", pid);
  return 0;
}
