/* open: creation, exclusion, truncation, types, errors. */
#include "case.h"

#define OPEN(path, flags)                                                     \
  do {                                                                        \
    int fd_ = open(path, flags, 0640);                                        \
    say("%s %s: %s\n", path, #flags, fd_ < 0 ? error_name(errno) : "ok");     \
    if (fd_ >= 0) close(fd_);                                                 \
  } while (0)

int main(void) {
  scratch();
  MUST(write_file("file", "text"));
  MUST(mkdir("dir", 0755));
  MUST(symlink("file", "link"));
  MUST(symlink("nowhere", "dangling"));
  MUST(symlink("dir", "dirlink"));
  OPEN("missing", O_RDONLY);
  OPEN("new", O_RDWR | O_CREAT | O_EXCL);
  OPEN("new", O_RDWR | O_CREAT | O_EXCL);
  OPEN("dangling", O_RDWR | O_CREAT | O_EXCL);
  OPEN("dangling", O_RDWR);
  OPEN("dangling", O_RDWR | O_CREAT);
  OPEN("nowhere", O_RDONLY);
  OPEN("link", O_RDONLY | O_NOFOLLOW);
  OPEN("link", O_PATH | O_NOFOLLOW);
  OPEN("dir", O_RDONLY);
  OPEN("dir", O_WRONLY);
  OPEN("dir", O_RDWR);
  OPEN("dir", O_RDONLY | O_CREAT);
  OPEN("dir", O_RDONLY | O_TRUNC);
  OPEN("dirlink", O_RDONLY | O_DIRECTORY);
  OPEN("dirlink", O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  OPEN("file", O_RDONLY | O_DIRECTORY);
  OPEN("file/x", O_RDONLY);
  OPEN("file/", O_RDONLY);
  OPEN("newfile/", O_RDWR | O_CREAT);
  OPEN("missing/x", O_RDWR | O_CREAT);
  OPEN("", O_RDONLY);
  OPEN(".", O_TMPFILE | O_RDWR);
  OPEN(".", O_TMPFILE | O_RDONLY);
  OPEN("file", O_TMPFILE | O_RDWR);
  OPEN("file", O_RDWR | O_TRUNC);
  struct stat st;
  MUST(stat("file", &st));
  say("truncated to %ld\n", (long)st.st_size);
  MUST(stat("new", &st));
  say("mode %o\n", st.st_mode);
  return 0;
}
