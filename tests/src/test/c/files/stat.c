/* What stat, statx and their kin tell. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("f", "hello"));
  MUST(symlink("f", "link"));
  MUST(mkfifo("fifo", 0600));
  struct stat st, other;
  MUST(stat("f", &st));
  say("mode %o links %ld size %ld blocks %d\n", st.st_mode, (long)st.st_nlink, (long)st.st_size, st.st_blocks <= 8);
  MUST(stat("link", &other));
  say("same inode %d\n", st.st_ino == other.st_ino && st.st_dev == other.st_dev);
  MUST(lstat("link", &other));
  say("link %o size %ld\n", other.st_mode, (long)other.st_size);
  MUST(stat("fifo", &other));
  say("fifo %o\n", other.st_mode);
  TRY(fstatat(AT_FDCWD, "", &st, 0));
  TRY(fstatat(MUST(open("f", O_RDONLY)), "", &st, AT_EMPTY_PATH));
  TRY(fstatat(AT_FDCWD, "f", &st, 0x8000));
  TRY(fstatat(-1, "f", &st, 0));
  TRY(fstatat(-1, "/", &st, 0));
  TRY(syscall(SYS_stat, "f", BAD));
  TRY(syscall(SYS_stat, BAD, &st));
  struct statx sx;
  TRY(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS, &sx));
  say("statx mode %o size %ld mask %d\n", sx.stx_mode, (long)sx.stx_size,
      (sx.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
  TRY(statx(AT_FDCWD, "f", 0x8000, STATX_ALL, &sx));
  TRY(statx(AT_FDCWD, "f", 0, 0x80000000, &sx));
  TRY(statx(AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, STATX_TYPE, &sx));
  say("link %d\n", S_ISLNK(sx.stx_mode));
  MUST(stat("/dev/null", &st));
  say("null %o %ld\n", st.st_mode, (long)st.st_rdev);
  struct statfs fs;
  TRY(statfs("f", &fs));
  say("name length %ld block size %d\n", (long)fs.f_namelen, fs.f_bsize > 0);
  TRY(statfs("missing", &fs));
  return 0;
}
