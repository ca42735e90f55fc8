// Prints what it sees of pseudoterminals and job control. The first argument names the case.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master;
static char *name;

static const char *err(long r) { return r < 0 ? strerrorname_np(errno) : "ok"; }

static void show(const char *what, const char *bytes, long n) {
  printf("%s %ld", what, n);
  if (n < 0) printf(" %s", strerrorname_np(errno));
  printf(": ");
  for (long i = 0; i < n; i++)
    if (bytes[i] >= 32 && bytes[i] < 127) putchar(bytes[i]);
    else printf("<%d>", (unsigned char)bytes[i]);
  printf("\n");
}

static void open_pair(void) {
  master = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(master);
  unlockpt(master);
  name = strdup(ptsname(master));
}

static void read_master(int expected) {
  char bytes[4096];
  long done = 0;
  while (done < expected) {
    long n = read(master, bytes + done, expected - done);
    if (n <= 0) {
      show("master", bytes, n);
      return;
    }
    done += n;
  }
  show("master", bytes, done);
}

static void pair(void) {
  struct stat st;
  char bytes[100];
  int locked = 0;
  master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  ioctl(master, TIOCGPTLCK, &locked);
  name = strdup(ptsname(master));
  printf("locked %d open %s\n", locked, err(open(name, O_RDWR | O_NOCTTY)));
  unlockpt(master);
  int slave = open(name, O_RDWR | O_NOCTTY);
  fstat(slave, &st);
  printf("type %o major %d tty %d %d\n", st.st_mode & S_IFMT, (int)(st.st_rdev >> 8), isatty(slave), isatty(master));
  char through[100];
  ttyname_r(slave, through, sizeof through);
  printf("name %d\n", strcmp(name, through));
  struct termios t;
  tcgetattr(slave, &t);
  printf("%x %x %x %x speed %d\n", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, (int)cfgetospeed(&t) == B38400);
  for (int i = 0; i < 17; i++) printf("%d ", t.c_cc[i]);
  printf("\n");
  write(master, "hello\r", 6);
  show("slave", bytes, read(slave, bytes, 100));
  read_master(7);
  write(slave, "a\nb", 3);
  read_master(4);
  struct winsize w = {24, 80, 1, 2}, g = {0};
  ioctl(master, TIOCSWINSZ, &w);
  ioctl(slave, TIOCGWINSZ, &g);
  printf("size %d %d %d %d\n", g.ws_row, g.ws_col, g.ws_xpixel, g.ws_ypixel);
  cfmakeraw(&t);
  tcsetattr(slave, TCSANOW, &t);
  write(master, "\003x", 2);
  show("raw", bytes, read(slave, bytes, 100));
  fcntl(slave, F_SETFL, O_NONBLOCK);
  show("empty", bytes, read(slave, bytes, 100));
  int n;
  write(master, "abc", 3);
  usleep(50000);
  ioctl(slave, FIONREAD, &n);
  printf("waiting %d\n", n);
  tcflush(slave, TCIFLUSH);
  ioctl(slave, FIONREAD, &n);
  printf("flushed %d\n", n);
  printf("tty %s\n", err(open("/dev/tty", O_RDWR)));
  printf("sctty from master %s\n", err(ioctl(master, TIOCGSID, &n)));
  close(slave);
  show("closed", bytes, read(master, bytes, 100));
  struct pollfd p = {master, POLLIN | POLLOUT};
  poll(&p, 1, 0);
  printf("events %x\n", p.revents);
}

// Starts a session on the pair, in a child that runs f.
static pid_t session(void (*f)(int)) {
  int ready[2];
  pipe(ready);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    setsid();
    int slave = open(name, O_RDWR);
    close(master);
    write(ready[1], "x", 1);
    f(slave);
    fflush(stdout);
    _exit(0);
  }
  char c;
  read(ready[0], &c, 1);
  close(ready[0]);
  close(ready[1]);
  return child;
}

static void ended(pid_t child) {
  int status;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("killed by %d\n", WTERMSIG(status));
  else printf("exited %d\n", WEXITSTATUS(status));
}

static void sleeper(int slave) {
  for (;;) pause();
}

static void keys(void) {
  const char *typed[] = {"\003", "\034", "\032\003"};
  for (int i = 0; i < 2; i++) {
    open_pair();
    pid_t child = session(sleeper);
    write(master, typed[i], 1);
    read_master(2);
    ended(child);
    close(master);
  }
  open_pair();
  pid_t child = session(sleeper);
  close(master);
  ended(child);
}

static void leader(int slave) {
  int group, sid;
  printf("foreground %d session %d\n", tcgetpgrp(slave) == getpid(), tcgetsid(slave) == getpid());
  int tty = open("/dev/tty", O_RDWR);
  printf("tty %d isatty %d\n", tty > 0, isatty(tty));
  printf("setpgrp of nobody %s\n", err(tcsetpgrp(slave, 999999)));
  printf("setpgrp of parent %s\n", err(tcsetpgrp(slave, getppid())));
  printf("sctty again %s\n", err(ioctl(slave, TIOCSCTTY, 0)));
  signal(SIGHUP, SIG_IGN);
  printf("notty %s\n", err(ioctl(slave, TIOCNOTTY)));
  printf("notty again %s\n", err(ioctl(slave, TIOCNOTTY)));
  printf("getpgrp %s\n", err(tcgetpgrp(slave)));
  printf("tty %s\n", err(open("/dev/tty", O_RDWR)));
  printf("sctty %s\n", err(ioctl(slave, TIOCSCTTY, 0)));
  printf("foreground %d\n", tcgetpgrp(slave) == getpid());
  if (fork() == 0) {
    int fd = open("/dev/tty", O_RDWR);
    printf("child tty %d\n", fd > 0);
    printf("child sctty %s\n", err(ioctl(slave, TIOCSCTTY, 0)));
    setsid();
    printf("child without %s\n", err(open("/dev/tty", O_RDWR)));
    printf("child steals %s\n", err(ioctl(slave, TIOCSCTTY, 0)));
    fflush(stdout);
    _exit(0);
  }
  fflush(stdout);
  wait(0);
}

static void sessions(void) {
  open_pair();
  ended(session(leader));
}

static volatile int winches;

static void winch(int sig) { winches++; }

static void shell(int slave) {
  int status;
  char bytes[100];
  signal(SIGTTOU, SIG_IGN);
  pid_t job = fork();
  if (job == 0) {
    setpgid(0, 0);
    signal(SIGTTOU, SIG_DFL);
    long n = read(slave, bytes, 100);
    show("job read", bytes, n);
    fflush(stdout);
    write(slave, "got", 3);
    for (;;) pause();
  }
  setpgid(job, job);
  waitpid(job, &status, WUNTRACED);
  printf("job stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
  tcsetpgrp(slave, job);
  printf("foreground %d\n", tcgetpgrp(slave) == job);
  kill(-job, SIGCONT);
  fflush(stdout);
  write(slave, "go\n", 3);
  waitpid(job, &status, WUNTRACED);
  printf("job stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
  tcsetpgrp(slave, getpgrp());
  kill(-job, SIGCONT);
  kill(-job, SIGTERM);
  waitpid(job, &status, 0);
  printf("job killed by %d\n", WTERMSIG(status));
  struct termios t;
  tcgetattr(slave, &t);
  t.c_lflag |= TOSTOP;
  tcsetattr(slave, TCSANOW, &t);
  job = fork();
  if (job == 0) {
    setpgid(0, 0);
    signal(SIGTTOU, SIG_DFL);
    write(slave, "x", 1);
    _exit(0);
  }
  setpgid(job, job);
  waitpid(job, &status, WUNTRACED);
  printf("writer stopped %d by %d\n", WIFSTOPPED(status), WSTOPSIG(status));
  kill(job, SIGKILL);
  waitpid(job, &status, 0);
}

static void jobs(void) {
  open_pair();
  pid_t child = session(shell);
  read_master(4);
  write(master, "line\r", 5);
  read_master(6);
  read_master(3);
  write(master, "\032", 1);
  read_master(2);
  ended(child);
  char c;
  show("after", &c, read(master, &c, 1));
}

static void resized(int slave) {
  signal(SIGWINCH, winch);
  write(slave, "r", 1);
  while (!winches) sched_yield();
  struct winsize g;
  ioctl(slave, TIOCGWINSZ, &g);
  printf("resized %d %d\n", g.ws_row, g.ws_col);
}

static void resize(void) {
  open_pair();
  pid_t child = session(resized);
  read_master(1);
  struct winsize w = {50, 132};
  ioctl(master, TIOCSWINSZ, &w);
  ended(child);
}

static void hung(int slave) {
  char c;
  signal(SIGHUP, winch);
  write(slave, "r", 1);
  while (!winches) sched_yield();
  show("read", &c, read(slave, &c, 1));
  show("write", "", write(slave, "x", 1));
  struct termios t;
  printf("getattr %s\n", err(tcgetattr(slave, &t)));
  printf("setpgrp %s\n", err(tcsetpgrp(slave, getpid())));
  struct pollfd p = {slave, POLLIN | POLLOUT};
  poll(&p, 1, 0);
  printf("events %x\n", p.revents);
  printf("tty %s\n", err(open("/dev/tty", O_RDWR)));
}

static void hangup(void) {
  open_pair();
  pid_t child = session(hung);
  read_master(1);
  usleep(50000);
  close(master);
  ended(child);
}

static void packets(void) {
  open_pair();
  int on = 1, slave = open(name, O_RDWR | O_NOCTTY);
  ioctl(master, TIOCPKT, &on);
  write(slave, "data", 4);
  read_master(5);
  write(master, "\023", 1);
  read_master(1);
  write(master, "\021", 1);
  read_master(1);
  tcflush(slave, TCIOFLUSH);
  read_master(1);
  struct termios t;
  tcgetattr(slave, &t);
  t.c_iflag &= ~IXON;
  tcsetattr(slave, TCSANOW, &t);
  read_master(1);
}

static void timed(void) {
  open_pair();
  int slave = open(name, O_RDWR | O_NOCTTY);
  char bytes[10];
  struct termios t;
  tcgetattr(slave, &t);
  cfmakeraw(&t);
  t.c_cc[VMIN] = 0;
  t.c_cc[VTIME] = 0;
  tcsetattr(slave, TCSANOW, &t);
  show("poll", bytes, read(slave, bytes, 10));
  t.c_cc[VTIME] = 1;
  tcsetattr(slave, TCSANOW, &t);
  show("timed", bytes, read(slave, bytes, 10));
  t.c_cc[VMIN] = 3;
  tcsetattr(slave, TCSANOW, &t);
  write(master, "ab", 2);
  show("between", bytes, read(slave, bytes, 10));
  t.c_cc[VTIME] = 0;
  tcsetattr(slave, TCSANOW, &t);
  if (fork() == 0) {
    write(master, "a", 1);
    usleep(20000);
    write(master, "bcd", 3);
    _exit(0);
  }
  show("three", bytes, read(slave, bytes, 10));
  wait(0);
}

int main(int argc, char **argv) {
  char *which = argc > 1 ? argv[1] : "";
  setvbuf(stdout, 0, _IOFBF, 65536);
  setsid(); // away from the terminal of whoever runs the tests
#define CASE(f) if (!strcmp(which, #f)) { f(); fflush(stdout); return 0; }
  CASE(pair) CASE(keys) CASE(sessions) CASE(jobs) CASE(resize) CASE(hangup) CASE(packets) CASE(timed)
  return 99;
}
