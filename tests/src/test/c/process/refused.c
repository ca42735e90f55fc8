/* Calls that need the machine itself are refused as they are to whoever has no rights over it. */
#include "case.h"

int main(void) {
  become_container_root();
  TRY(syscall(SYS_reboot, 0, 0, 0, 0));
  TRY(syscall(SYS_swapon, "/missing", 0));
  TRY(syscall(SYS_swapoff, "/missing"));
  TRY(syscall(SYS_vhangup));
  TRY(settimeofday(&(struct timeval){1, 0}, NULL));
  TRY(clock_settime(CLOCK_REALTIME, &(struct timespec){1, 0}));
  TRY(clock_settime(CLOCK_MONOTONIC, &(struct timespec){1, 0}));
  TRY(sethostname("x", 1));
  TRY(setdomainname("x", 1));
  TRY(chroot("/missing"));
  TRY(syscall(SYS_mount, "none", "/", "tmpfs", 0L, NULL));
  TRY(syscall(SYS_umount2, "/", 0));
  TRY(syscall(SYS_pivot_root, "/", "/"));
  TRY(syscall(SYS_open_tree, AT_FDCWD, "/", 1));
  return 0;
}
