/* What /proc says of the process itself. */
#include "case.h"

static void field(const char *name) {
  FILE *f = fopen("/proc/self/status", "r");
  char line[256];
  while (fgets(line, sizeof line, f)) {
    if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') say("%s", line);
  }
  fclose(f);
}

int main(void) {
  MUST(prctl(PR_SET_NAME, "my name"));
  become(1234, 4321);
  field("Name");
  field("Uid");
  field("Gid");
  field("Groups");
  field("Threads");
  field("NoNewPrivs");
  field("SigBlk");
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGUSR1);
  sigprocmask(SIG_BLOCK, &mask, NULL);
  raise(SIGUSR1);
  field("SigBlk");
  field("SigPnd");
  field("CapEff");
  char text[64] = "", path[64];
  int fd = MUST(open("/proc/self/comm", O_RDONLY));
  MUST(read(fd, text, 63));
  say("comm %s", text);
  memset(text, 0, 64);
  MUST(readlink("/proc/self", text, 63));
  say("self %d\n", atoi(text) == getpid());
  snprintf(path, sizeof path, "/proc/%d/status", getpid());
  TRY(access(path, R_OK));
  TRY(access("/proc/self/task", X_OK));
  TRY(access("/proc/99999999", F_OK));
  return 0;
}
