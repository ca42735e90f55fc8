/* Extended attributes. */
#include "case.h"

int main(void) {
  become_container_root();
  scratch();
  MUST(write_file("f", "x"));
  MUST(symlink("f", "l"));
  char value[32] = "", list[128] = "";
  TRY(setxattr("f", "user.one", "1", 1, 0));
  TRY(setxattr("f", "user.two", "22", 2, XATTR_CREATE));
  TRY(setxattr("f", "user.two", "222", 3, XATTR_CREATE));
  TRY(setxattr("f", "user.two", "222", 3, XATTR_REPLACE));
  TRY(setxattr("f", "user.three", "3", 1, XATTR_REPLACE));
  TRY(getxattr("f", "user.two", value, sizeof value));
  say("%s\n", value);
  TRY(getxattr("f", "user.two", value, 0));
  TRY(getxattr("f", "user.two", value, 1));
  TRY(getxattr("f", "user.none", value, 1));
  TRY(getxattr("l", "user.one", value, 1));
  TRY(lgetxattr("l", "user.one", value, 1));
  TRY(lsetxattr("l", "user.one", "x", 1, 0));
  long n = MUST(listxattr("f", list, sizeof list));
  int users = 0;
  for (long i = 0; i < n; i += strlen(list + i) + 1) users += strncmp(list + i, "user.", 5) == 0;
  say("names %d\n", users);
  TRY(listxattr("f", list, 3));
  TRY(removexattr("f", "user.one"));
  TRY(removexattr("f", "user.one"));
  TRY(setxattr("f", "nonsense", "x", 1, 0));
  TRY(setxattr("f", "", "x", 1, 0));
  TRY(setxattr("f", "user.x", "x", 1, 8));
  TRY(setxattr("missing", "user.x", "x", 1, 0));
  TRY(setxattr("f", "user.empty", "", 0, 0));
  TRY(getxattr("f", "user.empty", value, sizeof value));
  TRY(setxattr("f", "trusted.x", "t", 1, 0));
  become(1234, 1234);
  TRY(getxattr("f", "trusted.x", value, sizeof value));
  TRY(setxattr("f", "user.x", "x", 1, 0));
  TRY(setxattr("f", "security.x", "x", 1, 0));
  return 0;
}
