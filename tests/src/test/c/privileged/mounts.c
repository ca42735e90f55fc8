/* Mounts: binds of directories and files, flags of each mount, copies, moves, pivot_root, set-id. */
#include "case.h"
#include <sys/mount.h>

struct attributes {
  uint64_t set, clear, propagation, userns;
};

static int set_attributes(const char *path, int flags, struct attributes a) {
  return syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &a, sizeof a);
}

static int open_tree_(const char *path, unsigned flags) {
  return syscall(SYS_open_tree, AT_FDCWD, path, flags);
}

static int move_mount_(int fd, const char *from, const char *to, unsigned flags) {
  return syscall(SYS_move_mount, fd, from, AT_FDCWD, to, flags);
}

/* The options of the mount at a path below the scratch directory, as mountinfo shows them. */
static void show(const char *path) {
  char line[4096], want[256];
  snprintf(want, sizeof want, "%s/%s", scratch_path, path);
  FILE *f = fopen("/proc/self/mountinfo", "r");
  while (f && fgets(line, sizeof line, f)) {
    char root[1024], point[1024], options[256], optional[256];
    if (sscanf(line, "%*d %*d %*s %1023s %1023s %255s %255s", root, point, options, optional) == 4 &&
        strcmp(point, want) == 0)
      say("  %s: %s %s\n", path, options,
          strncmp(optional, "shared:", 7) == 0 ? "shared" : optional);
  }
  if (f) fclose(f);
}

static void shared_or_exit(void) {
  if (unshare(CLONE_NEWNS) == 0) {
    MUST(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
    return;
  }
  /* Only a sandbox has a root file system of this source; on the host nothing may be mounted. */
  char line[256] = "";
  FILE *f = fopen("/proc/self/mounts", "r");
  if (!f || !fgets(line, sizeof line, f) || strncmp(line, "root / ", 7) != 0) _exit(99);
  fclose(f);
}

static void attempt(const char *program, int no_new_privileges) {
  pid_t pid = MUST(fork());
  if (pid == 0) {
    become(1000, 1000);
    if (no_new_privileges) MUST(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    execl(program, program, "ids", NULL);
    say("exec: %s\n", error_name(errno));
    _exit(1);
  }
  reap("attempt", pid);
}

static void copy_self(const char *to) {
  char buffer[65536];
  int in = MUST(open("/proc/self/exe", O_RDONLY));
  int out = MUST(open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755));
  for (ssize_t n; (n = read(in, buffer, sizeof buffer)) > 0;) MUST(write(out, buffer, n));
  close(in);
  close(out);
}

static void programs(void) {
  MUST(mkdir("bin", 0755));
  copy_self("bin/p");
  MUST(chown("bin/p", 4321, 1234));
  MUST(chmod("bin/p", 06755));
  attempt("bin/p", 0);
  attempt("bin/p", 1);
  MUST(mkdir("nosuid", 0755));
  TRY(mount("bin", "nosuid", NULL, MS_BIND, NULL));
  attempt("nosuid/p", 0);
  TRY(mount(NULL, "nosuid", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID, NULL));
  show("nosuid");
  attempt("nosuid/p", 0);
  TRY(mount(NULL, "nosuid", NULL, MS_REMOUNT | MS_BIND | MS_NOEXEC | MS_NOATIME, NULL));
  show("nosuid");
  attempt("nosuid/p", 0);
  TRY(mount(NULL, "nosuid", NULL, MS_REMOUNT | MS_BIND, NULL));
  show("nosuid");
  TRY(umount("nosuid"));
}

static void binds(void) {
  MUST(mkdir("a", 0755));
  MUST(mkdir("b", 0755));
  MUST(mkdir("a/sub", 0755));
  MUST(write_file("a/f", "file"));
  MUST(write_file("g", "g"));
  TRY(mount("a/f", "b", NULL, MS_BIND, NULL));
  TRY(mount("a", "g", NULL, MS_BIND, NULL));
  TRY(mount("missing", "b", NULL, MS_BIND, NULL));
  TRY(mount("", "b", NULL, MS_BIND, NULL));
  TRY(mount("a/f", "g", NULL, MS_BIND, NULL));
  char text[16] = "";
  int fd = MUST(open("g", O_RDWR));
  MUST(read(fd, text, sizeof text - 1));
  say("%s\n", text);
  TRY(unlink("g"));
  TRY(rename("g", "h"));
  TRY(umount("g"));
  TRY(mount(NULL, "g", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
  close(fd);
  TRY(mount(NULL, "g", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
  TRY(open("g", O_WRONLY));
  TRY(chmod("g", 0600));
  TRY(umount("g"));
  TRY(umount("g"));
  TRY(mount(NULL, "b", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));

  TRY(mount("none", "a/sub", "tmpfs", MS_NODEV, NULL));
  MUST(mkdir("a/sub/deep", 0755));
  TRY(mount("a", "b", NULL, MS_BIND, NULL));
  TRY(access("b/sub/deep", F_OK));
  TRY(umount("b"));
  TRY(mount("a", "b", NULL, MS_BIND | MS_REC, NULL));
  TRY(access("b/sub/deep", F_OK));
  TRY(set_attributes("b", 0x8000, (struct attributes){.set = 1}));
  show("b");
  show("b/sub");
  show("a/sub");
  TRY(mkdir("b/sub/x", 0755));
  TRY(mkdir("b/x", 0755));
  TRY(mkdir("a/sub/x", 0755));
  TRY(set_attributes("b", 0, (struct attributes){.set = 0x10}));
  TRY(set_attributes("b", 0, (struct attributes){.set = 0x10, .clear = 0x70}));
  TRY(set_attributes("b", 0, (struct attributes){.set = 0x80 | 8 | 4, .clear = 1}));
  show("b");
  TRY(set_attributes("b", 0, (struct attributes){.set = 1ULL << 40}));
  TRY(set_attributes("b/x", 0, (struct attributes){.set = 1}));
  TRY(syscall(SYS_mount_setattr, AT_FDCWD, "b", 0, NULL, 16));
  TRY(syscall(SYS_mount_setattr, AT_FDCWD, "b", 0, NULL, 32));
  TRY(umount("b"));
  TRY(umount2("b", MNT_DETACH));
  TRY(umount2("a/sub", MNT_EXPIRE));
  TRY(umount2("a/sub", MNT_EXPIRE | MNT_DETACH));
  TRY(umount2("a/sub", MNT_EXPIRE));
  TRY(umount2("a/sub", 64));
  TRY(umount("a"));
}

static void propagation(void) {
  TRY(mount("none", "a", "tmpfs", 0, NULL));
  show("a");
  TRY(mount(NULL, "a", NULL, MS_SHARED, NULL));
  show("a");
  TRY(mount(NULL, "a", NULL, MS_SLAVE, NULL));
  show("a");
  TRY(mount(NULL, "a", NULL, MS_UNBINDABLE, NULL));
  show("a");
  TRY(mount("a", "b", NULL, MS_BIND, NULL));
  TRY(mount(NULL, "a", NULL, MS_SHARED | MS_PRIVATE, NULL));
  TRY(mount(NULL, "a", NULL, MS_PRIVATE, NULL));
  TRY(mount("a", "b", NULL, MS_MOVE, NULL));
  show("a");
  show("b");
  MUST(mkdir("b/in", 0755));
  TRY(mount("b", "b/in", NULL, MS_MOVE, NULL));
  TRY(mount("b/in", "a", NULL, MS_MOVE, NULL));
  TRY(umount("b"));
}

static void trees(void) {
  MUST(write_file("a/in", "x"));
  int fd = MUST(open_tree_("a", 1 | O_CLOEXEC));
  int in = TRY(openat(fd, "in", O_RDONLY)) < 0;
  say("%d\n", in);
  TRY(set_attributes("b", 0, (struct attributes){.set = 1}));
  TRY(syscall(SYS_mount_setattr, fd, "", 0x1000, &(struct attributes){.set = 1}, 32));
  TRY(move_mount_(fd, "", "b", 4));
  show("b");
  TRY(access("b/in", F_OK));
  TRY(move_mount_(fd, "", "b", 4));
  close(fd);
  TRY(access("b/in", F_OK));
  TRY(move_mount_(AT_FDCWD, "b", "a", 0));
  show("a");
  TRY(move_mount_(AT_FDCWD, "b", "a", 0x200000));
  TRY(umount("a"));
  fd = MUST(open_tree_("a", 1));
  close(fd);
  TRY(open_tree_("a", 0x8000));
  TRY(open_tree_("missing", 1));
}

static void pivot(void) {
  MUST(mkdir("new", 0755));
  TRY(syscall(SYS_pivot_root, "new", "new"));
  TRY(mount("none", "new", "tmpfs", 0, NULL));
  MUST(mkdir("new/old", 0755));
  MUST(write_file("new/mark", "m"));
  TRY(syscall(SYS_pivot_root, "new", "b"));
  TRY(syscall(SYS_pivot_root, "new/old", "new/old"));
  int old = MUST(open("/", O_RDONLY | O_DIRECTORY));
  MUST(chdir("new"));
  TRY(syscall(SYS_pivot_root, ".", "."));
  TRY(access("/mark", F_OK));
  TRY(access("/proc/self", F_OK));
  MUST(fchdir(old));
  TRY(umount2(".", MNT_DETACH));
  TRY(chdir("/"));
  TRY(access("mark", F_OK));
  char path[64];
  TRY(getcwd(path, sizeof path) ? 0 : -1);
  say("%s\n", path);
}

static void powerless(void) {
  become(1000, 1000);
  TRY(mount("a", "b", NULL, MS_BIND, NULL));
  TRY(umount("b"));
  TRY(set_attributes("b", 0, (struct attributes){.set = 1}));
  TRY(open_tree_("a", 1));
  TRY(move_mount_(AT_FDCWD, "b", "a", 0));
  TRY(syscall(SYS_pivot_root, "a", "b"));
}

int main(int argc, char **argv) {
  if (argc > 1) {
    uid_t r, e, s;
    gid_t g, f, t;
    getresuid(&r, &e, &s);
    getresgid(&g, &f, &t);
    say("%d %d %d, %d %d %d\n", r, e, s, g, f, t);
    return 0;
  }
  scratch();
  /* A tree of mounts of its own, which is gone with the child; so is its root directory. */
  pid_t pid = MUST(fork());
  if (pid == 0) {
    shared_or_exit();
    MUST(mount("none", scratch_path, "tmpfs", 0, NULL));
    MUST(chdir(scratch_path));
    programs();
    binds();
    propagation();
    trees();
    in_child("powerless", powerless);
    pivot();
    _exit(0);
  }
  return WEXITSTATUS(reap("mounts", pid));
}
