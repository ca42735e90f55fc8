/* Calls relative to a directory and their older forms: modes, owners, times, names, attributes. */
#include "case.h"
#include <dirent.h>
#include <utime.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

static int dir;

static void show(const char *name) {
  struct stat st;
  if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
    say("  %s: %s\n", name, error_name(errno));
  else
    say("  %s: %o %d:%d links %d size %ld accessed %ld modified %ld\n", name, st.st_mode, st.st_uid,
        st.st_gid, (int)st.st_nlink, S_ISDIR(st.st_mode) ? 0L : (long)st.st_size,
        S_ISLNK(st.st_mode) ? 0L : (long)st.st_atime % 1000, (long)st.st_mtime % 1000);
}

static void names(void) {
  TRY(mkdirat(dir, "sub", 0700));
  TRY(mkdirat(dir, "sub", 0700));
  TRY(mkdirat(99, "x", 0700));
  TRY(mkdirat(-1, "/tmp", 0700));
  TRY(symlinkat("target", dir, "link"));
  TRY(symlinkat("", dir, "link2"));
  TRY(symlinkat("target", dir, "link"));
  char text[16] = "";
  TRY(readlinkat(dir, "link", text, sizeof text));
  TRY(readlinkat(dir, "link", text, 3));
  TRY(readlinkat(dir, "sub", text, sizeof text));
  TRY(readlinkat(dir, "link", text, 0));
  int place = MUST(openat(dir, "link", O_PATH | O_NOFOLLOW));
  TRY(readlinkat(place, "", text, sizeof text));
  close(place);
  TRY(renameat(dir, "link", dir, "moved"));
  TRY(renameat(dir, "link", dir, "moved"));
  TRY(renameat(dir, "sub", dir, "moved"));
  TRY(unlinkat(dir, "sub", 0));
  TRY(unlinkat(dir, "sub", AT_REMOVEDIR));
  TRY(unlinkat(dir, "moved", AT_REMOVEDIR));
  TRY(unlinkat(dir, "moved", 1));
  TRY(unlinkat(dir, "moved", 0));
}

static void modes(void) {
  int fd = MUST(syscall(SYS_creat, "d/f", 0600));
  MUST(write(fd, "abc", 3));
  MUST(symlinkat("f", dir, "l"));
  struct timespec set[2] = {{11, 0}, {12, 0}};
  TRY(utimensat(dir, "f", set, 0));
  TRY(utimensat(dir, "l", set, AT_SYMLINK_NOFOLLOW));
  TRY(fchmodat(dir, "f", 04711, 0));
  TRY(syscall(SYS_fchmodat, dir, "l", 0644));
  show("f");
  TRY(syscall(SYS_fchmodat2, dir, "f", 0600, AT_SYMLINK_NOFOLLOW));
  TRY(syscall(SYS_fchmodat2, dir, "l", 0600, AT_SYMLINK_NOFOLLOW));
  TRY(syscall(SYS_fchmodat2, fd, "", 0640, AT_EMPTY_PATH));
  TRY(syscall(SYS_fchmodat2, dir, "f", 0600, 1));
  TRY(syscall(SYS_fchmodat2, dir, "f", 0600, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW));
  show("f");
  TRY(fchown(fd, 11, 22));
  show("f");
  TRY(fchown(fd, -1, 33));
  TRY(fchown(99, 1, 1));
  TRY(fchownat(dir, "l", 44, 55, AT_SYMLINK_NOFOLLOW));
  TRY(fchownat(dir, "l", 66, 77, 0));
  TRY(fchownat(fd, "", -1, 88, AT_EMPTY_PATH));
  TRY(fchownat(dir, "f", 1, 1, 0x8000));
  TRY(fchownat(dir, "missing", 1, 1, 0));
  show("f");
  show("l");
  close(fd);
}

static struct utimbuf old = {100, 200};

static void stranger(void) {
  become(1234, 1234);
  TRY(utime("d/f", &old));
  TRY(utime("d/f", NULL));
  TRY(fchmodat(dir, "f", 0600, 0));
  TRY(fchownat(dir, "f", 1234, -1, 0));
}

static void times_(void) {
  struct timeval both[2] = {{300, 5}, {400, 6}}, bad[2] = {{1, 1000000}, {1, 0}};
  TRY(utime("d/f", &old));
  show("f");
  TRY(utimes("d/f", both));
  show("f");
  TRY(utimes("d/f", bad));
  both[0].tv_sec = 500;
  TRY(syscall(SYS_futimesat, dir, "f", both));
  show("f");
  TRY(syscall(SYS_futimesat, dir, "missing", both));
  TRY(syscall(SYS_futimesat, AT_FDCWD, NULL, both));
  TRY(utime("d/missing", &old));
  struct stat st;
  TRY(utime("d/f", NULL));
  MUST(stat("d/f", &st));
  say("now %d\n", st.st_mtime > 1000000);
  in_child("a stranger", stranger);
}

static void attributes(void) {
  int fd = MUST(open("d/f", O_RDWR));
  char value[16] = "", list[64];
  TRY(fsetxattr(fd, "user.a", "12", 2, 0));
  TRY(fsetxattr(fd, "user.a", "12", 2, XATTR_CREATE));
  TRY(fgetxattr(fd, "user.a", value, sizeof value));
  TRY(fgetxattr(fd, "user.a", value, 1));
  say("%s\n", value);
  TRY(flistxattr(fd, list, sizeof list));
  TRY(flistxattr(fd, list, 2));
  TRY(fremovexattr(fd, "user.a"));
  TRY(fremovexattr(fd, "user.a"));
  TRY(lsetxattr("d/l", "trusted.x", "1", 1, 0));
  TRY(llistxattr("d/l", list, sizeof list));
  TRY(lremovexattr("d/l", "user.none"));
  TRY(lremovexattr("d/f", "user.none"));
  int place = MUST(open("d/f", O_PATH));
  TRY(fgetxattr(place, "user.a", value, sizeof value));
  TRY(fsetxattr(place, "user.a", "x", 1, 0));
  TRY(fchmod(place, 0600));
  TRY(fchown(place, 1, 1));
}

struct old_dirent {
  unsigned long ino, off;
  unsigned short length;
  char name[];
};

static void listing(void) {
  MUST(mkdir("e", 0755));
  for (char c = 'a'; c < 'f'; c++) MUST(write_file((char[]){'e', '/', c, 0}, ""));
  int fd = MUST(open("e", O_RDONLY));
  char buffer[4096];
  TRY(syscall(SYS_getdents, fd, buffer, 8));
  int n = MUST(syscall(SYS_getdents, fd, buffer, sizeof buffer)), seen = 0, types = 0;
  for (int at = 0; at < n;) {
    struct old_dirent *d = (void *)(buffer + at);
    if (d->name[0] != '.') seen += d->name[0] - 'a' + 1;
    types += buffer[at + d->length - 1] == DT_DIR ? 1 : buffer[at + d->length - 1] == DT_REG ? 100 : 0;
    at += d->length;
  }
  say("names %d, types %d\n", seen, types);
  TRY(syscall(SYS_getdents, fd, buffer, sizeof buffer));
  TRY(syscall(SYS_getdents, 99, buffer, sizeof buffer));
  TRY(syscall(SYS_sync));
}

int main(void) {
  scratch();
  become_container_root();
  MUST(mkdir("d", 0755));
  dir = MUST(open("d", O_RDONLY | O_DIRECTORY));
  names();
  modes();
  times_();
  attributes();
  listing();
  return 0;
}
