/* Group identities and supplementary groups. */
#include "case.h"

static void show(void) {
  gid_t r, e, s, list[8];
  getresgid(&r, &e, &s);
  say("  %d %d %d:", r, e, s);
  int n = getgroups(8, list);
  for (int i = 0; i < n; i++) say(" %d", list[i]);
  say("\n");
}

int main(void) {
  gid_t list[] = {30, 10, 20};
  TRY(setgroups(3, list));
  show();
  TRY(getgroups(0, NULL));
  TRY(getgroups(2, list));
  TRY(syscall(SYS_getgroups, -1, list));
  TRY(syscall(SYS_getgroups, 3, BAD));
  TRY(setgroups(70000, list));
  TRY(syscall(SYS_setgroups, 2, BAD));
  TRY(setresgid(1, 2, 3));
  show();
  TRY(setegid(0));
  TRY(setregid(5, 6));
  show();
  TRY(setuid(1000));
  TRY(setgid(5));
  TRY(setgid(6));
  show();
  TRY(setgid(9));
  TRY(setgroups(0, NULL));
  TRY(setresgid(-1, -1, 9));
  TRY(setfsgid(9));
  TRY(setfsgid(-1));
  show();
  return 0;
}
