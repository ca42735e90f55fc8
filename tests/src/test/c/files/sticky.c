/* Who may remove and rename in a sticky directory. */
#include "case.h"

int main(void) {
  scratch();
  MUST(mkdir("sticky", 0777));
  MUST(chmod("sticky", 01777));
  MUST(write_file("sticky/root", ""));
  MUST(write_file("sticky/mine", ""));
  MUST(chown("sticky/mine", 1234, 1234));
  MUST(mkdir("closed", 0755));
  MUST(write_file("closed/mine", ""));
  MUST(chown("closed/mine", 1234, 1234));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    become(1234, 1234);
    TRY(unlink("sticky/root"));
    TRY(rename("sticky/root", "sticky/x"));
    TRY(rename("sticky/mine", "sticky/root"));
    TRY(rename("sticky/mine", "sticky/y"));
    TRY(unlink("sticky/y"));
    TRY(unlink("closed/mine"));
    TRY(unlink("closed/missing"));
    TRY(mkdir("closed/new", 0755));
    TRY(mkdir("sticky/root", 0755));
    TRY(link("closed/mine", "sticky/linked"));
    _exit(0);
  }
  reap("user", pid);
  return 0;
}
