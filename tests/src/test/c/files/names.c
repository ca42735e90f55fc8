/* Path walks: dots, slashes, long names, loops, permissions on the way. */
#include "case.h"

#define STAT(path)                                                            \
  do {                                                                        \
    struct stat st_;                                                          \
    int r_ = stat(path, &st_);                                                \
    say("%.40s: %s\n", path, r_ < 0 ? error_name(errno) : S_ISDIR(st_.st_mode) ? "directory" : "file"); \
  } while (0)

int main(void) {
  scratch();
  MUST(mkdir("a", 0755));
  MUST(mkdir("a/b", 0755));
  MUST(write_file("a/b/f", ""));
  MUST(symlink("a/b", "s"));
  MUST(symlink("l2", "l1"));
  MUST(symlink("l1", "l2"));
  STAT("a/./b/../b/f");
  STAT("a//b///f");
  STAT("a/b/");
  STAT("a/b/f/");
  STAT("a/b/f/.");
  STAT("a/b/f/..");
  STAT("s/f");
  STAT("s/../b/f");
  STAT("l1");
  STAT("l1/x");
  STAT("missing/..");
  STAT("/../../..");
  char name[300];
  memset(name, 'n', sizeof name);
  name[255] = 0;
  STAT(name);
  name[255] = 'n';
  name[256] = 0;
  STAT(name);
  static char path[5000];
  for (int i = 0; i < 2000; i++) strcat(path, "./");
  STAT(path);
  for (int i = 0; i < 60; i++) strcat(path, "./");
  STAT(path);
  char link[16], target[16];
  strcpy(target, "a");
  for (int i = 0; i < 41; i++) {
    snprintf(link, sizeof link, "chain%d", i);
    MUST(symlink(target, link));
    strcpy(target, link);
  }
  STAT("chain38");
  STAT("chain39");
  STAT("chain40");
  MUST(chmod("a", 0700));
  become(1234, 1234);
  STAT("a");
  STAT("a/b");
  STAT("a/missing");
  STAT("s/f");
  return 0;
}
