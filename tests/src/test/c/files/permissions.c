/* The matrix of owner, group and others against what is wanted. */
#include "case.h"

int main(void) {
  scratch();
  MUST(write_file("f", "x"));
  MUST(mkdir("d", 0755));
  MUST(chown("f", 1000, 100));
  static const mode_t modes[] = {0400, 0200, 0040, 0020, 0004, 0002, 0640, 0604, 0111, 0};
  for (int u = 0; u < 4; u++) {
    static const struct { uid_t uid; gid_t gid, extra; } who[] = {
        {1000, 5, 5}, {1001, 100, 5}, {1001, 5, 100}, {1001, 5, 5}};
    pid_t pid = MUST(fork());
    if (pid == 0) {
      for (int m = 0; m < 10; m++) {
        MUST(chmod("f", modes[m]));
        pid_t inner = MUST(fork());
        if (inner == 0) {
          MUST(setgroups(1, &who[u].extra));
          MUST(setresgid(who[u].gid, who[u].gid, who[u].gid));
          MUST(setresuid(who[u].uid, who[u].uid, who[u].uid));
          int r = open("f", O_RDONLY), w = open("f", O_WRONLY), x = access("f", X_OK);
          say("user %d mode %03o: read %d write %d execute %d\n", u, modes[m], r >= 0, w >= 0, x == 0);
          _exit(0);
        }
        waitpid(inner, NULL, 0);
      }
      _exit(0);
    }
    waitpid(pid, NULL, 0);
  }
  MUST(chmod("f", 0));
  TRY(access("f", R_OK | W_OK));
  TRY(access("f", X_OK));
  TRY(access("f", 8));
  return 0;
}
