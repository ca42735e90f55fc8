/* A session with a terminal: foreground group, SIGTTIN, SIGTTOU, ^C, ^Z. */
#include "case.h"

static void session(void) {
  MUST(setsid());
  int slave = MUST(open(getenv("SLAVE"), O_RDWR));
  int group;
  TRY(ioctl(slave, TIOCGPGRP, &group));
  say("foreground is the session leader: %d\n", group == getpid());
  say("session %d\n", tcgetsid(slave) == getpid());
  pid_t pid = MUST(fork());
  if (pid == 0) {
    setpgid(0, 0);
    char c;
    read(slave, &c, 1);
    _exit(0);
  }
  setpgid(pid, pid);
  int status;
  MUST(waitpid(pid, &status, WUNTRACED));
  say_status("background reader", status);
  signal(SIGTTOU, SIG_IGN);
  TRY(tcsetpgrp(slave, pid));
  TRY(tcgetpgrp(slave) == pid);
  MUST(kill(-pid, SIGCONT));
  int master = atoi(getenv("MASTER"));
  until_asleep(pid);
  MUST(write(master, "\032", 1));
  MUST(waitpid(pid, &status, WUNTRACED));
  say_status("after ^Z", status);
  MUST(kill(-pid, SIGCONT));
  until_asleep(pid);
  MUST(write(master, "\003", 1));
  MUST(waitpid(pid, &status, WUNTRACED));
  say_status("after ^C", status);
  TRY(tcsetpgrp(slave, getpid()));
  TRY(tcsetpgrp(slave, 9999999));
  pid = MUST(fork());
  if (pid == 0) {
    setpgid(0, 0);
    signal(SIGTTOU, SIG_DFL);
    tcsetpgrp(slave, getpid());
    _exit(0);
  }
  MUST(waitpid(pid, &status, WUNTRACED));
  say_status("background tcsetpgrp", status);
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  signal(SIGHUP, SIG_IGN);
  TRY(ioctl(slave, TIOCNOTTY));
  TRY(open("/dev/tty", O_RDWR));
}

int main(void) {
  int master = MUST(posix_openpt(O_RDWR | O_NOCTTY));
  MUST(unlockpt(master));
  char number[16];
  snprintf(number, sizeof number, "%d", master);
  setenv("MASTER", number, 1);
  setenv("SLAVE", ptsname(master), 1);
  in_child("session", session);
  return 0;
}
