/* uname, sysinfo, getrandom, personality as far as they are the same everywhere. */
#include "case.h"

int main(void) {
  struct utsname u;
  TRY(uname(&u));
  say("%s %s\n", u.sysname, u.machine);
  TRY(uname(BAD));
  become(1234, 1234);
  TRY(sethostname("x", 1));
  TRY(setdomainname("x", 1));
  struct sysinfo info;
  TRY(sysinfo(&info));
  say("memory %d unit %d processes %d\n", info.totalram > 0, info.mem_unit >= 1, info.procs > 0);
  TRY(sysinfo(BAD));
  unsigned char a[16] = {0}, b[16] = {0};
  TRY(syscall(SYS_getrandom, a, 16, 0));
  TRY(syscall(SYS_getrandom, b, 16, 1));
  say("different %d\n", memcmp(a, b, 16) != 0);
  TRY(syscall(SYS_getrandom, a, 16, 8));
  TRY(syscall(SYS_getrandom, a, 16, 6));
  TRY(syscall(SYS_getrandom, BAD, 16, 0));
  TRY(syscall(SYS_getrandom, BAD, 0, 0));
  TRY(syscall(SYS_personality, 0xffffffff));
  TRY(syscall(SYS_personality, 8));
  uname(&u);
  say("%s\n", u.machine);
  TRY(syscall(SYS_reboot, 0, 0, 0, 0));
  TRY(syscall(SYS_swapon, "/x", 0));
  TRY(syscall(SYS_acct, "/x"));
  TRY(syscall(SYS_syslog, 3, a, 16));
  return 0;
}
