/* openat2: what it resolves, what it checks. */
#include "case.h"
#include <linux/openat2.h>

static void attempt(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct open_how how = {flags, mode, resolve};
  long fd = syscall(SYS_openat2, dir, path, &how, sizeof how);
  say("%s flags %#lo resolve %#lx: %s\n", path, flags, resolve, fd < 0 ? error_name(errno) : "ok");
  if (fd >= 0) close(fd);
}

int main(void) {
  scratch();
  MUST(mkdir("dir", 0755));
  MUST(write_file("dir/file", "x"));
  MUST(write_file("outside", "x"));
  MUST(symlink("../outside", "dir/up"));
  MUST(symlink("/etc/passwd", "dir/absolute"));
  MUST(symlink("file", "dir/link"));
  int dir = MUST(open("dir", O_PATH));
  attempt(dir, "file", O_RDONLY, 0, 0);
  attempt(dir, "../outside", O_RDONLY, 0, RESOLVE_BENEATH);
  attempt(dir, "up", O_RDONLY, 0, RESOLVE_BENEATH);
  attempt(dir, "absolute", O_RDONLY, 0, RESOLVE_BENEATH);
  attempt(dir, "/etc/passwd", O_RDONLY, 0, RESOLVE_BENEATH);
  attempt(dir, "link", O_RDONLY, 0, RESOLVE_BENEATH);
  attempt(dir, "link", O_RDONLY, 0, RESOLVE_NO_SYMLINKS);
  attempt(dir, "file", O_RDONLY, 0, RESOLVE_NO_SYMLINKS);
  attempt(dir, "../../../../file", O_RDONLY, 0, RESOLVE_IN_ROOT);
  attempt(dir, "/file", O_RDONLY, 0, RESOLVE_IN_ROOT);
  attempt(dir, "absolute", O_RDONLY, 0, RESOLVE_IN_ROOT);
  attempt(AT_FDCWD, "/proc/self/exe", O_RDONLY, 0, RESOLVE_NO_MAGICLINKS);
  attempt(AT_FDCWD, "/proc/self/status", O_RDONLY, 0, RESOLVE_NO_XDEV);
  attempt(dir, "file", O_RDONLY, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT);
  attempt(dir, "file", O_RDONLY, 0, 0x100);
  attempt(dir, "file", O_RDONLY, 0644, 0);
  attempt(dir, "file", O_RDONLY | 1ul << 40, 0, 0);
  attempt(dir, "new", O_RDWR | O_CREAT, 0644, 0);
  attempt(dir, "new2", O_RDWR | O_CREAT, 010644, 0);
  struct open_how how = {0};
  TRY(syscall(SYS_openat2, dir, "file", &how, 8));
  TRY(syscall(SYS_openat2, dir, "file", BAD, sizeof how));
  return 0;
}
