/* The simple options of prctl. */
#include "case.h"

int main(void) {
  char name[17] = "################";
  TRY(prctl(PR_SET_NAME, "a-name-that-is-too-long"));
  TRY(prctl(PR_GET_NAME, name));
  say("'%s'\n", name);
  TRY(prctl(PR_SET_NAME, BAD));
  TRY(prctl(PR_GET_DUMPABLE));
  TRY(prctl(PR_SET_DUMPABLE, 2));
  TRY(prctl(PR_SET_DUMPABLE, 0));
  TRY(prctl(PR_GET_DUMPABLE));
  TRY(prctl(PR_SET_DUMPABLE, 1));
  TRY(prctl(PR_GET_KEEPCAPS));
  TRY(prctl(PR_SET_KEEPCAPS, 2));
  TRY(prctl(PR_SET_KEEPCAPS, 1));
  TRY(prctl(PR_GET_KEEPCAPS));
  TRY(prctl(PR_GET_TIMING));
  TRY(prctl(PR_SET_TIMING, 1));
  TRY(prctl(PR_SET_TIMERSLACK, 1234));
  TRY(prctl(PR_GET_TIMERSLACK));
  TRY(prctl(PR_SET_TIMERSLACK, 0));
  TRY(prctl(PR_GET_TIMERSLACK));
  TRY(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
  TRY(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0));
  TRY(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
  TRY(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  TRY(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
  TRY(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
  TRY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  TRY(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  TRY(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
  TRY(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
  TRY(prctl(PR_GET_ENDIAN, name));
  TRY(prctl(PR_GET_SECCOMP));
  TRY(prctl(12345, 0, 0, 0, 0));
  TRY(prctl(-1, 0, 0, 0, 0));
  return 0;
}
