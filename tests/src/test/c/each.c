/*
 * Runs programs one after another, each with empty input, and prints of each
 *     begin INDEX
 *     end INDEX CODE LENGTH-OF-OUTPUT LENGTH-OF-ERRORS
 *     output, errors
 * It is the first process of its sandbox, so that it can end whatever a program leaves behind: the
 * next one meets only what was there before. A program that takes too long has the code 124.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct text {
  int fd;
  size_t length, room;
  char *bytes;
};

static void fail(const char *what) {
  fprintf(stderr, "each: %s: %s\n", what, strerror(errno));
  exit(98);
}

static void collect(struct text *text) {
  if (text->room - text->length < 4096) {
    text->room = 2 * text->room + 8192;
    if (!(text->bytes = realloc(text->bytes, text->room))) fail("realloc");
  }
  ssize_t n = read(text->fd, text->bytes + text->length, text->room - text->length);
  if (n > 0) {
    text->length += n;
  } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
    close(text->fd);
    text->fd = -1;
  }
}

static long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Ends every process but this one. */
static void end_all(void) {
  kill(-1, SIGKILL);
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue;
}

static pid_t start(const char *program, const sigset_t *mask, struct text *out, struct text *err) {
  int o[2], e[2];
  if (pipe2(o, O_CLOEXEC) || pipe2(e, O_CLOEXEC)) fail("pipe2");
  pid_t pid = fork();
  if (pid < 0) fail("fork");
  if (pid == 0) {
    sigprocmask(SIG_SETMASK, mask, NULL);
    int in = open("/dev/null", O_RDONLY);
    dup2(in, 0);
    if (in > 2) close(in);
    dup2(o[1], 1);
    dup2(e[1], 2);
    execl(program, program, NULL);
    _exit(127);
  }
  close(o[1]);
  close(e[1]);
  *out = (struct text){.fd = o[0]};
  *err = (struct text){.fd = e[0]};
  return pid;
}

/* Takes the children that ended; whether one of them was that process, whose status it then keeps. */
static int ended(pid_t pid, int *status) {
  int s;
  for (pid_t p; (p = waitpid(-1, &s, WNOHANG)) > 0;)
    if (p == pid) {
      *status = s;
      return 1;
    }
  return 0;
}

/* The exit code, as a shell tells it. */
static int run(const char *program, long limit, const sigset_t *mask, int children,
               struct text *out, struct text *err) {
  pid_t pid = start(program, mask, out, err);
  long end = now_ms() + limit;
  int status = 0, over = 0;
  while (!over || out->fd >= 0 || err->fd >= 0) {
    long left = end - now_ms();
    struct pollfd polls[] = {
        {over ? -1 : children, POLLIN, 0}, {out->fd, POLLIN, 0}, {err->fd, POLLIN, 0}};
    if (left <= 0 || poll(polls, 3, left) == 0) {
      status = 124 << 8;
      break;
    }
    if (polls[1].revents) collect(out);
    if (polls[2].revents) collect(err);
    if (polls[0].revents) {
      struct signalfd_siginfo info;
      if (read(children, &info, sizeof info) < 0) continue;
      if ((over = ended(pid, &status))) end_all();
    }
  }
  end_all();
  if (out->fd >= 0) close(out->fd);
  if (err->fd >= 0) close(err->fd);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* each LIMIT PROGRAM...: the limit in milliseconds. */
int main(int count, char **words) {
  if (getpid() != 1) {
    fputs("each: not the first process, whose signals would reach all of the host\n", stderr);
    return 98;
  }
  sigset_t mask, old;
  sigemptyset(&mask);
  sigaddset(&mask, SIGCHLD);
  sigprocmask(SIG_BLOCK, &mask, &old);
  int children = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
  if (children < 0) fail("signalfd");
  for (int i = 2; i < count; i++) {
    struct text out, err;
    printf("begin %d\n", i - 2);
    fflush(stdout);
    int code = run(words[i], atol(words[1]), &old, children, &out, &err);
    printf("end %d %d %zu %zu\n", i - 2, code, out.length, err.length);
    fwrite(out.bytes, 1, out.length, stdout);
    fwrite(err.bytes, 1, err.length, stdout);
    fflush(stdout);
    free(out.bytes);
    free(err.bytes);
  }
}
