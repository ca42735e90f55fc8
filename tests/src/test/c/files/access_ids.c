/* access uses the real user, faccessat2 with AT_EACCESS the effective one. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("f", "x"));
  MUST(chmod("f", 0600));
  MUST(setresuid(1234, 0, 0));
  TRY(access("f", R_OK));
  TRY(syscall(SYS_faccessat2, AT_FDCWD, "f", R_OK, AT_EACCESS));
  MUST(symlink("missing", "l"));
  TRY(syscall(SYS_faccessat2, AT_FDCWD, "l", F_OK, 0));
  TRY(syscall(SYS_faccessat2, AT_FDCWD, "l", F_OK, AT_SYMLINK_NOFOLLOW));
  TRY(syscall(SYS_faccessat2, AT_FDCWD, "f", F_OK, 0x8000));
  TRY(syscall(SYS_faccessat, -1, "f", F_OK));
  MUST(setresuid(0, 0, 0));
  return 0;
}
