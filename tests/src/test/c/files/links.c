/* Hard and symbolic links. */
#include "case.h"

int main(void) {
  become_container_root();
  scratch();
  MUST(write_file("f", "x"));
  MUST(mkdir("d", 0755));
  MUST(symlink("f", "s"));
  struct stat st;
  TRY(link("f", "g"));
  MUST(stat("f", &st));
  say("links %ld\n", (long)st.st_nlink);
  TRY(link("f", "g"));
  TRY(link("missing", "h"));
  TRY(link("d", "h"));
  TRY(link("f", "d/"));
  TRY(link("f", "missing/h"));
  TRY(link("s", "hard"));
  MUST(lstat("hard", &st));
  say("a link to the link: %d, links %ld\n", S_ISLNK(st.st_mode), (long)st.st_nlink);
  TRY(linkat(AT_FDCWD, "s", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
  MUST(lstat("followed", &st));
  say("a file: %d\n", S_ISREG(st.st_mode));
  TRY(linkat(AT_FDCWD, "f", AT_FDCWD, "x", 0x40000));
  int fd = MUST(open(".", O_TMPFILE | O_RDWR, 0600));
  MUST(write(fd, "tmp", 3));
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  TRY(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
  MUST(stat("named", &st));
  say("size %ld links %ld\n", (long)st.st_size, (long)st.st_nlink);
  int e = MUST(open("f", O_RDONLY));
  TRY(linkat(e, "", AT_FDCWD, "empty", AT_EMPTY_PATH));
  char text[16] = "";
  TRY(readlink("s", text, sizeof text));
  say("%s\n", text);
  TRY(readlink("s", text, 0));
  TRY(readlink("f", text, sizeof text));
  TRY(readlink("missing", text, sizeof text));
  TRY(symlink("", "e"));
  TRY(symlink("x", "s"));
  TRY(symlink("x", "missing/s"));
  TRY(unlink("d"));
  TRY(unlink("s"));
  TRY(unlink("s"));
  TRY(unlink("f/"));
  MUST(unlink("f"));
  MUST(fstat(e, &st));
  say("links %ld\n", (long)st.st_nlink);
  return 0;
}
