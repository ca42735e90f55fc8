/* setuid and its kin: who becomes whom. */
#include "case.h"

static void show(void) {
  uid_t r, e, s;
  getresuid(&r, &e, &s);
  int f = syscall(SYS_setfsuid, -1);
  say("  %d %d %d %d\n", r, e, s, f);
}

static void seteuid_and_back(void) {
  TRY(setresuid(-1, 100, -1));
  show();
  TRY(setuid(7));
  TRY(setresuid(-1, 0, -1));
  show();
  TRY(setreuid(100, 200));
  show();
  TRY(setreuid(-1, 100));
  show();
  TRY(setreuid(200, -1));
  TRY(setuid(0));
  TRY(setuid(200));
  show();
}

static void for_good(void) {
  TRY(setuid(1000));
  show();
  TRY(setuid(0));
  TRY(setuid(1000));
  TRY(setresuid(1000, 1000, 0));
  TRY(setuid(-1));
  TRY(setresuid(-1, -1, -1));
}

static void file_system_user(void) {
  TRY(setfsuid(1000));
  show();
  TRY(setfsuid(0));
  TRY(setuid(1000));
  TRY(setfsuid(1001));
  show();
}

int main(void) {
  in_child("back", seteuid_and_back);
  in_child("for good", for_good);
  in_child("fsuid", file_system_user);
  return 0;
}
