/* execve: arguments, environment, what is closed, kept and reset. */
#include "case.h"

static void handler(int s) {}

int main(int argc, char **argv, char **envp) {
  if (argc > 1) {
    for (int i = 1; i < argc; i++) say("argument %d: '%s'\n", i, argv[i]);
    for (char **e = envp; *e; e++) say("environment: '%s'\n", *e);
    say("cloexec %s, kept %s\n", fcntl(50, F_GETFD) == -1 ? "closed" : "open",
        fcntl(51, F_GETFD) == -1 ? "closed" : "open");
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    say("handled: %s\n", action.sa_handler == SIG_DFL ? "default" : "?");
    sigaction(SIGUSR2, NULL, &action);
    say("ignored: %s\n", action.sa_handler == SIG_IGN ? "ignored" : "?");
    sigset_t mask, pending;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    sigpending(&pending);
    say("blocked %d, pending %d\n", sigismember(&mask, SIGHUP), sigismember(&pending, SIGHUP));
    stack_t alternate;
    sigaltstack(NULL, &alternate);
    say("alternate stack flags %d\n", alternate.ss_flags);
    char name[16];
    prctl(PR_GET_NAME, name);
    say("umask %o, name %s\n", umask(0), name);
    return 5;
  }
  dup3(1, 50, O_CLOEXEC);
  dup2(1, 51);
  umask(0123);
  install(SIGUSR1, handler, 0);
  signal(SIGUSR2, SIG_IGN);
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGHUP);
  sigprocmask(SIG_BLOCK, &mask, NULL);
  raise(SIGHUP);
  static char room[65536];
  stack_t alternate = {.ss_sp = room, .ss_size = sizeof room};
  sigaltstack(&alternate, NULL);
  prctl(PR_SET_NAME, "renamed");
  char link[] = "/tmp/case-exec-link";
  unlink(link);
  char self[512] = "";
  MUST(readlink("/proc/self/exe", self, sizeof self - 1));
  MUST(symlink(self, link));
  pid_t pid = MUST(fork());
  if (pid == 0) {
    char *arguments[] = {"x", "one", "", "two words", NULL};
    char *environment[] = {"A=1", "B=", NULL};
    execve(link, arguments, environment);
    _exit(127);
  }
  reap("program", pid);
  unlink(link);
  return 0;
}
