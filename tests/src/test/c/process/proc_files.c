/* Files of /proc as files: reading in pieces, writing, names that cannot be changed. */
#include "case.h"
#include <dirent.h>

static char text[65536];

static ssize_t slurp(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return -1;
  ssize_t all = 0, n;
  while ((n = read(fd, text + all, sizeof text - 1 - all)) > 0) all += n;
  close(fd);
  text[all] = 0;
  return all;
}

static void show(const char *path) {
  ssize_t n = slurp(path);
  if (n < 0)
    say("%s: %s\n", path, error_name(errno));
  else
    say("%s: %s", path, text);
}

static void pieces(void) {
  slurp("/proc/self/limits");
  char whole[8192];
  strcpy(whole, text);
  int fd = MUST(open("/proc/self/limits", O_RDONLY));
  char piece[8192];
  size_t all = 0;
  ssize_t n;
  while ((n = read(fd, piece + all, 7)) > 0) all += n;
  piece[all] = 0;
  say("pieces fit: %d\n", strcmp(piece, whole) == 0);
  OK(lseek(fd, 0, SEEK_SET));
  TRY(read(fd, piece, 5));
  TRY(lseek(fd, 0, SEEK_CUR));
  TRY(pread(fd, piece, 5, 26));
  say("at 26: %.5s\n", piece);
  TRY(lseek(fd, 0, SEEK_END));
  TRY(lseek(fd, -1, SEEK_SET));
  TRY(write(fd, "x", 1));
  struct stat st;
  MUST(fstat(fd, &st));
  say("mode %o size %ld links %d\n", st.st_mode, (long)st.st_size, (int)st.st_nlink);
  close(fd);
}

static void names(void) {
  TRY(mkdir("/proc/new", 0755));
  TRY(open("/proc/new", O_CREAT | O_WRONLY, 0644));
  TRY(open("/proc/self/new", O_CREAT | O_WRONLY, 0644));
  TRY(unlink("/proc/self/status"));
  TRY(rmdir("/proc/self/fd"));
  TRY(symlink("x", "/proc/new"));
  TRY(chmod("/proc/self/status", 0600));
  TRY(open("/proc/self/status/", O_RDONLY));
  TRY(open("/proc/self/fd", O_WRONLY));
  TRY(open("/proc/01", O_RDONLY));
  TRY(open("/proc/-1", O_RDONLY));
  TRY(open("/proc/4194305", O_RDONLY));
  TRY(open("/proc/self/fd/999", O_RDONLY));
  TRY(open("/proc/self/fd/x", O_RDONLY));
  TRY(open("/proc/self/fd/00", O_RDONLY));
  TRY(access("/proc/self/task/999999", F_OK));
}

static void command(void) {
  MUST(prctl(PR_SET_NAME, "a name"));
  show("/proc/self/comm");
  show("/proc/thread-self/comm");
  int fd = MUST(open("/proc/self/comm", O_RDWR | O_TRUNC));
  TRY(write(fd, "another name that is long", 25));
  close(fd);
  show("/proc/self/comm");
  TRY(open("/proc/self/status", O_WRONLY));
  fd = MUST(open("/proc/self/oom_score_adj", O_WRONLY));
  TRY(write(fd, "12x", 3));
  TRY(write(fd, "1001", 4));
  TRY(write(fd, "500\n", 4));
  close(fd);
  show("/proc/self/oom_score_adj");
  pid_t pid = MUST(fork());
  if (pid == 0) {
    show("/proc/self/oom_score_adj");
    _exit(0);
  }
  reap("child", pid);
}

static void links(void) {
  char target[256] = "", want[64];
  MUST(readlink("/proc/self", target, sizeof target));
  snprintf(want, sizeof want, "%d", getpid());
  say("self: %d\n", strcmp(target, want) == 0);
  MUST(chdir("/usr"));
  memset(target, 0, sizeof target);
  TRY(readlink("/proc/self/cwd", target, sizeof target));
  say("cwd: %s\n", target);
  memset(target, 0, sizeof target);
  TRY(readlink("/proc/self/root", target, sizeof target));
  say("root: %s\n", target);
  int fd = MUST(open("/etc/passwd", O_RDONLY));
  MUST(dup2(fd, 77));
  memset(target, 0, sizeof target);
  TRY(readlink("/proc/self/fd/77", target, sizeof target));
  say("fd: %s\n", target);
  struct stat a, b;
  MUST(fstat(77, &a));
  MUST(stat("/proc/self/fd/77", &b));
  say("same file: %d\n", a.st_ino == b.st_ino && a.st_dev == b.st_dev);
  MUST(lstat("/proc/self/fd/77", &b));
  say("link: %o\n", b.st_mode);
  int two[2];
  MUST(pipe(two));
  dup2(two[1], 78);
  MUST(lstat("/proc/self/fd/78", &b));
  say("writable link: %o\n", b.st_mode);
  memset(target, 0, sizeof target);
  MUST(readlink("/proc/self/fd/78", target, sizeof target));
  say("pipe: %.6s\n", target);
  int again = MUST(open("/proc/self/fd/78", O_WRONLY));
  TRY(write(again, "abc", 3));
  TRY(read(two[0], target, 10));
  TRY(readlink("/proc/self/status", target, sizeof target));
  TRY(open("/proc/self/exe", O_WRONLY));
}

static void memory(void) {
  static volatile long word = 0x1234;
  int fd = MUST(open("/proc/self/mem", O_RDWR));
  long got = 0;
  TRY(pread(fd, &got, 8, (off_t)(uintptr_t)&word));
  say("word %lx\n", got);
  got = 0x5678;
  TRY(pwrite(fd, &got, 8, (off_t)(uintptr_t)&word));
  say("word %lx\n", word);
  TRY(pread(fd, &got, 8, 8));
  close(fd);
}

static void field(const char *name) {
  slurp("/proc/self/status");
  char *at = strstr(text, name);
  say("%.*s\n", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
}

int main(int argc, char **argv) {
  pieces();
  names();
  command();
  links();
  memory();
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  signal(SIGUSR2, SIG_IGN);
  /* What whoever started the test ignores, the C library's own two signals among it, is not our matter. */
  for (int s = 32; s <= 33; s++) {
    unsigned long fresh[4] = {0};
    syscall(SYS_rt_sigaction, s, fresh, NULL, 8L);
  }
  raise(SIGUSR1);
  field("Threads:");
  field("ShdPnd:");
  field("SigPnd:");
  field("SigBlk:");
  field("SigIgn:");
  field("Umask:");
  field("NoNewPrivs:");
  field("State:");
  MUST(setrlimit(RLIMIT_NPROC, &(struct rlimit){100, 200}));
  MUST(setrlimit(RLIMIT_NOFILE, &(struct rlimit){80, 128}));
  MUST(setrlimit(RLIMIT_SIGPENDING, &(struct rlimit){10, 20}));
  show("/proc/self/limits");
  show("/proc/self/personality");
  show("/proc/self/timerslack_ns");
  show("/proc/sys/kernel/ostype");
  show("/proc/sys/kernel/cap_last_cap");
  show("/proc/sys/kernel/ngroups_max");
  return 0;
}
