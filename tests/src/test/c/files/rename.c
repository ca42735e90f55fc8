/* rename and renameat2. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("a", "A"));
  MUST(write_file("b", "B"));
  MUST(mkdir("d", 0755));
  MUST(mkdir("e", 0755));
  MUST(mkdir("d/sub", 0755));
  MUST(link("a", "a2"));
  TRY(rename("a", "b"));
  TRY(access("a", F_OK));
  TRY(rename("b", "a2"));
  TRY(access("b", F_OK));
  TRY(rename("b", "d"));
  TRY(rename("d", "b"));
  TRY(rename("e", "d"));
  TRY(rename("d", "e"));
  TRY(rename("e", "e/sub/x"));
  TRY(rename("e/sub", "e"));
  TRY(rename("missing", "x"));
  TRY(rename("b", "missing/x"));
  TRY(rename("b", "x/"));
  TRY(rename("e/.", "y"));
  TRY(rename("e/..", "y"));
  TRY(rename("/", "y"));
  MUST(write_file("one", "1"));
  MUST(write_file("two", "2"));
  TRY(renameat2(AT_FDCWD, "one", AT_FDCWD, "two", RENAME_NOREPLACE));
  TRY(renameat2(AT_FDCWD, "one", AT_FDCWD, "three", RENAME_NOREPLACE));
  TRY(renameat2(AT_FDCWD, "three", AT_FDCWD, "two", RENAME_EXCHANGE));
  char text[4] = "";
  int fd = MUST(open("two", O_RDONLY));
  MUST(read(fd, text, 1));
  say("two holds %s\n", text);
  TRY(renameat2(AT_FDCWD, "two", AT_FDCWD, "e", RENAME_EXCHANGE));
  struct stat st;
  MUST(stat("two", &st));
  say("exchanged with a directory: %d\n", S_ISDIR(st.st_mode));
  TRY(renameat2(AT_FDCWD, "two", AT_FDCWD, "missing", RENAME_EXCHANGE));
  TRY(renameat2(AT_FDCWD, "two", AT_FDCWD, "three", RENAME_EXCHANGE | RENAME_NOREPLACE));
  TRY(renameat2(AT_FDCWD, "two", AT_FDCWD, "three", 0x80));
  return 0;
}
