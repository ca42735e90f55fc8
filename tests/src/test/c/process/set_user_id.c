/* Set-user-ID and set-group-ID programs, and no_new_privs. */
#include "case.h"

static void show(void) {
  uid_t r, e, s;
  gid_t rg, eg, sg;
  getresuid(&r, &e, &s);
  getresgid(&rg, &eg, &sg);
  say("users %d %d %d groups %d %d %d dumpable %d\n", r, e, s, rg, eg, sg, prctl(PR_GET_DUMPABLE));
}

int main(int argc, char **argv) {
  if (argc == 2) {
    show();
    return 0;
  }
  scratch();
  int from = MUST(open("/proc/self/exe", O_RDONLY)), to = MUST(open("copy", O_WRONLY | O_CREAT, 0755));
  struct stat st;
  fstat(from, &st);
  MUST(sendfile(to, from, NULL, st.st_size));
  close(to);
  static const struct { uid_t uid; gid_t gid; mode_t mode; int restricted; } cases[] = {
      {0, 0, 0755, 0},     {0, 0, 04755, 0},        {55, 66, 06755, 0},
      {55, 66, 02745, 0},  {55, 66, 06755, 1},      {0, 0, 06755, 1},
  };
  for (int i = 0; i < 6; i++) {
    MUST(chown("copy", cases[i].uid, cases[i].gid));
    MUST(chmod("copy", cases[i].mode));
    say("owner %d:%d mode %o%s: ", cases[i].uid, cases[i].gid, cases[i].mode,
        cases[i].restricted ? " no_new_privs" : "");
    pid_t pid = MUST(fork());
    if (pid == 0) {
      become(1234, 4321);
      if (cases[i].restricted) MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
      execl("copy", "x", "show", (char *)NULL);
      _exit(127);
    }
    int status;
    MUST(waitpid(pid, &status, 0));
  }
  return 0;
}
