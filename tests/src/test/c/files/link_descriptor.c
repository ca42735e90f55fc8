/* linkat with AT_EMPTY_PATH: who opened the file may name it, others need a privilege. */
#include "case.h"

int main(void) {
  become_container_root();
  scratch();
  chmod(".", 0777);
  int unnamed = MUST(open(".", O_TMPFILE | O_RDWR, 0644));
  TRY(linkat(unnamed, "", AT_FDCWD, "a", AT_EMPTY_PATH));
  int place = MUST(open("a", O_PATH));
  TRY(linkat(place, "", AT_FDCWD, "b", AT_EMPTY_PATH));
  TRY(linkat(place, "", AT_FDCWD, "c", 0));
  TRY(linkat(place, "a", AT_FDCWD, "c", AT_EMPTY_PATH));
  TRY(linkat(99, "", AT_FDCWD, "c", AT_EMPTY_PATH));
  int directory = MUST(open(".", O_RDONLY));
  TRY(linkat(directory, "", AT_FDCWD, "c", AT_EMPTY_PATH));
  become(1234, 1234);
  TRY(linkat(place, "", AT_FDCWD, "d", AT_EMPTY_PATH));
  int own = MUST(open(".", O_TMPFILE | O_RDWR, 0644));
  TRY(linkat(own, "", AT_FDCWD, "e", AT_EMPTY_PATH));
  struct stat st;
  MUST(stat("e", &st));
  say("links %ld owner %d\n", (long)st.st_nlink, st.st_uid);
  return 0;
}
