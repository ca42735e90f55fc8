/* execveat: descriptors, AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW, scripts. */
#include "case.h"

static void run(const char *what, int dir, const char *path, int flags) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    char *argv[] = {"sh", "-c", "exit 3", NULL};
    syscall(SYS_execveat, dir, path, argv, environ, flags);
    say("%s: %s\n", what, error_name(errno));
    _exit(0);
  }
  reap(what, pid);
}

int main(void) {
  scratch();
  int sh = MUST(open("/bin/sh", O_RDONLY));
  int path = MUST(open("/bin/sh", O_PATH | O_CLOEXEC));
  int bin = MUST(open("/bin/", O_RDONLY | O_DIRECTORY));
  MUST(symlink("/bin/sh", "link"));
  MUST(write_file("script", "#!/bin/sh\nexit 4\n"));
  MUST(chmod("script", 0755));
  run("relative", bin, "sh", 0);
  run("descriptor", sh, "", AT_EMPTY_PATH);
  run("path descriptor", path, "", AT_EMPTY_PATH);
  run("without the flag", sh, "", 0);
  run("absolute", -1, "/bin/sh", 0);
  run("bad descriptor", -1, "sh", 0);
  run("not a directory", sh, "x", 0);
  run("link", AT_FDCWD, "link", 0);
  run("link not followed", AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW);
  run("unknown flag", AT_FDCWD, "link", 0x8000);
  int script = MUST(open("script", O_RDONLY));
  run("script", script, "", AT_EMPTY_PATH);
  MUST(fcntl(script, F_SETFD, FD_CLOEXEC));
  run("script that would be closed", script, "", AT_EMPTY_PATH);
  return 0;
}
