/* Bad addresses in calls about files are EFAULT. */
#include "case.h"

int main(void) {
  scratch();
  struct stat st;
  int fd = MUST(open("f", O_RDWR | O_CREAT, 0644));
  MUST(write(fd, "data", 4));
  MUST(lseek(fd, 0, SEEK_SET));
  static const struct { const char *name; long number, a, b, c, d; } calls[] = {
      {"open", SYS_open, 8, 0, 0, 0},          {"openat", SYS_openat, AT_FDCWD, 8, 0, 0},
      {"stat", SYS_stat, 8, 0, 0, 0},          {"lstat", SYS_lstat, 8, 0, 0, 0},
      {"access", SYS_access, 8, 0, 0, 0},      {"mkdir", SYS_mkdir, 8, 0, 0, 0},
      {"rmdir", SYS_rmdir, 8, 0, 0, 0},        {"unlink", SYS_unlink, 8, 0, 0, 0},
      {"rename", SYS_rename, 8, 8, 0, 0},      {"link", SYS_link, 8, 8, 0, 0},
      {"symlink", SYS_symlink, 8, 8, 0, 0},    {"readlink", SYS_readlink, 8, 8, 10, 0},
      {"chmod", SYS_chmod, 8, 0, 0, 0},        {"chown", SYS_chown, 8, 0, 0, 0},
      {"chdir", SYS_chdir, 8, 0, 0, 0},        {"truncate", SYS_truncate, 8, 0, 0, 0},
      {"mknod", SYS_mknod, 8, 0, 0, 0},        {"getcwd", SYS_getcwd, 8, 100, 0, 0},
      {"statfs", SYS_statfs, 8, 8, 0, 0},      {"getxattr", SYS_getxattr, 8, 8, 8, 0},
      {"chroot", SYS_chroot, 8, 0, 0, 0},      {"utimensat", SYS_utimensat, AT_FDCWD, 8, 0, 0},
      {"pipe2", SYS_pipe2, 8, 0, 0, 0},        {"statx", SYS_statx, AT_FDCWD, 8, 0, 0},
      {"execve", SYS_execve, 8, 0, 0, 0},      {"memfd_create", SYS_memfd_create, 8, 0, 0, 0},
  };
  for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
    long r = syscall(calls[i].number, calls[i].a, calls[i].b, calls[i].c, calls[i].d, 0);
    say("%s: %s\n", calls[i].name, r == -1 ? error_name(errno) : "ok");
  }
  TRY(syscall(SYS_read, fd, BAD, 4));
  TRY(syscall(SYS_write, fd, BAD, 4));
  TRY(syscall(SYS_pread64, fd, BAD, 4, 0));
  TRY(syscall(SYS_pwrite64, fd, BAD, 4, 0));
  TRY(syscall(SYS_readv, fd, BAD, 1));
  TRY(syscall(SYS_fstat, fd, BAD));
  TRY(syscall(SYS_getdents64, MUST(open(".", O_RDONLY)), BAD, 1000));
  TRY(syscall(SYS_fcntl, fd, F_GETLK, BAD));
  TRY(syscall(SYS_fcntl, fd, F_SETLK, BAD));
  TRY(syscall(SYS_fstatfs, fd, BAD));
  TRY(syscall(SYS_sendfile, fd, fd, BAD, 1));
  TRY(syscall(SYS_write, fd, 0xffff800000000000, 4));
  TRY(syscall(SYS_write, fd, -1, 4));
  TRY(stat("f", &st));
  return 0;
}
