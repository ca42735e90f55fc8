/* inotify: what happens to files in a directory. */
#include "case.h"

static void drain(int fd) {
  char buffer[4096] __attribute__((aligned(8)));
  ssize_t n = read(fd, buffer, sizeof buffer);
  if (n < 0) {
    say("  %s\n", error_name(errno));
    return;
  }
  for (char *p = buffer; p < buffer + n;) {
    struct inotify_event *e = (struct inotify_event *)p;
    say("  wd %d mask %#x cookie %d '%s'\n", e->wd, e->mask, e->cookie != 0, e->len ? e->name : "");
    p += sizeof *e + e->len;
  }
}

int main(void) {
  scratch();
  MUST(mkdir("d", 0755));
  int fd = MUST(inotify_init1(IN_NONBLOCK));
  TRY(inotify_add_watch(fd, "d", IN_ALL_EVENTS & ~IN_ACCESS));
  drain(fd);
  MUST(write_file("d/f", "x"));
  drain(fd);
  MUST(rename("d/f", "d/g"));
  drain(fd);
  MUST(chmod("d/g", 0600));
  MUST(mkdir("d/sub", 0755));
  drain(fd);
  MUST(unlink("d/g"));
  MUST(rmdir("d/sub"));
  drain(fd);
  TRY(inotify_add_watch(fd, "missing", IN_MODIFY));
  TRY(inotify_add_watch(fd, "d", 0));
  TRY(inotify_add_watch(fd, "d", IN_CREATE));
  TRY(inotify_rm_watch(fd, 99));
  MUST(rmdir("d"));
  drain(fd);
  TRY(inotify_rm_watch(fd, 1));
  TRY(inotify_init1(1));
  TRY(inotify_add_watch(0, ".", IN_CREATE));
  int small = MUST(inotify_init1(IN_NONBLOCK));
  MUST(inotify_add_watch(small, ".", IN_CREATE));
  MUST(write_file("x", ""));
  char c[8];
  TRY(read(small, c, 8));
  int available = 0;
  MUST(ioctl(small, FIONREAD, &available));
  say("available %d\n", available);
  return 0;
}
