/* Capability sets and what changes of the user do to them. */
#include "case.h"

static struct __user_cap_data_struct sets[2];

static int get(pid_t pid) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, pid};
  return syscall(SYS_capget, &header, sets);
}

static int set(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  return syscall(SYS_capset, &header, sets);
}

static void show(const char *when) {
  get(0);
  say("%s: chown p%d e%d i%d\n", when, sets[0].permitted & 1, sets[0].effective & 1,
      sets[0].inheritable & 1);
}

static void euid(void) {
  show("root");
  MUST(setresuid(-1, 1000, -1));
  show("euid 1000");
  MUST(setresuid(-1, 0, -1));
  show("back");
  MUST(setresuid(1000, 1000, 1000));
  show("gone");
  sets[0].permitted = 1;
  TRY(set());
}

static void keep(void) {
  MUST(prctl(PR_SET_KEEPCAPS, 1));
  MUST(setresuid(1000, 1000, 1000));
  show("kept");
  sets[0].effective = 1;
  TRY(set());
  show("raised");
}

static void no_fixup(void) {
  TRY(prctl(PR_SET_SECUREBITS, 1 << 2));
  MUST(setresuid(1000, 1000, 1000));
  show("no fixup");
  TRY(prctl(PR_SET_SECUREBITS, 1 << 2 | 1 << 3));
  TRY(prctl(PR_SET_SECUREBITS, 1 << 2));
  TRY(prctl(PR_GET_SECUREBITS));
}

static void ambient(void) {
  TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0));
  get(0);
  sets[0].inheritable = 1;
  TRY(set());
  TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0));
  TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0));
  TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 64, 0, 0));
  MUST(setresuid(1000, 1000, 1000));
  TRY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0));
}

static void bounding(void) {
  TRY(prctl(PR_CAPBSET_READ, CAP_KILL));
  TRY(prctl(PR_CAPBSET_DROP, CAP_KILL));
  TRY(prctl(PR_CAPBSET_READ, CAP_KILL));
  TRY(prctl(PR_CAPBSET_READ, 63));
  MUST(setresuid(1000, 1000, 1000));
  TRY(prctl(PR_CAPBSET_DROP, CAP_CHOWN));
}

int main(void) {
  in_child("euid", euid);
  in_child("keep", keep);
  in_child("no fixup", no_fixup);
  in_child("ambient", ambient);
  in_child("bounding", bounding);
  struct __user_cap_header_struct header = {0, 0};
  TRY(syscall(SYS_capget, &header, NULL));
  say("version %#x\n", header.version);
  header.version = 0;
  TRY(syscall(SYS_capget, &header, sets));
  TRY(get(-1));
  TRY(get(9999999));
  TRY(syscall(SYS_capget, BAD, sets));
  return 0;
}
