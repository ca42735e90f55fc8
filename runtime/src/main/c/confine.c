#include "confine.h"

#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <linux/stat.h>
#include <sys/syscall.h>

#include "calls.h"
#include "text.h"

#define EEXIST 17
#define EINVAL 22
#define ENOENT 2
#define MNT_DETACH 2
#define AT_RECURSIVE 0x8000
#define KEPT_FLAGS (MS_NOSUID | MS_NODEV)
#define LAST_CAPABILITY 63

/* Where the new root is put together: it exists on every host, and nothing that a program needs lies below it. */
#define BASE "/proc"
#define MOST_PATH 4096

/* What can be had for free, and what is more than any of our processes needs. */
static const struct {
  int resource;
  uint64_t limit;
} limits[] = {{RLIMIT_CORE, 0}, {RLIMIT_MSGQUEUE, 0}, {RLIMIT_RTPRIO, 0}, {RLIMIT_NICE, 0}};

static long mounted(const char *what, const char *where, const char *type, uint64_t flags, const char *data) {
  return call6(SYS_mount, (long)what, (long)where, (long)type, (long)flags, (long)data, 0);
}

static void below_base(char *to, const char *path) {
  size_t base = sizeof BASE - 1, length = length_of(path);
  if (length >= MOST_PATH - base) length = 0;
  __builtin_memcpy(to, BASE, base);
  __builtin_memcpy(to + base, path, length);
  to[base + length] = 0;
}

static void make_parents(char *path) {
  for (char *at = path + sizeof BASE; *at; at++) {
    if (*at != '/') continue;
    *at = 0;
    call3(SYS_mkdir, path, 0755, 0);
    *at = '/';
  }
}

/* A link of the host stays one; a file or directory is bound, unless what was bound before already has it. */
static long show(const char *path) {
  static char target[MOST_PATH], link[MOST_PATH];
  struct statx file;
  below_base(target, path);
  long failed = call6(SYS_statx, AT_FDCWD, (long)path, AT_SYMLINK_NOFOLLOW, STATX_TYPE, (long)&file, 0);
  if (failed < 0) return failed == -ENOENT ? 0 : failed;
  make_parents(target);
  long length = call3(SYS_readlink, path, link, sizeof link - 1);
  if (length > 0) {
    link[length] = 0;
    failed = call3(SYS_symlink, link, target, 0);
    return failed == -EEXIST ? 0 : failed;
  }
  if ((file.stx_mode & S_IFMT) == S_IFDIR) {
    failed = call3(SYS_mkdir, target, 0755, 0);
  } else {
    failed = call3(SYS_mknod, target, S_IFREG | 0444, 0);
  }
  if (failed < 0) return failed == -EEXIST ? 0 : failed;
  return mounted(path, target, 0, MS_BIND, 0);
}

static long enter_root(const struct confinement *c, const char **tried) {
  long failed;
  *tried = "keeping its mounts to itself";
  if ((failed = mounted(0, "/", 0, MS_REC | MS_PRIVATE, 0)) < 0) return failed;
  *tried = "making its root";
  if ((failed = mounted("bulwark", BASE, "tmpfs", KEPT_FLAGS | MS_NOEXEC, "mode=0755,size=64k,nr_inodes=256")) < 0) return failed;
  *tried = "showing it what it needs to start";
  for (const char *const *path = c->visible; *path; path++)
    if ((failed = show(*path)) < 0) return failed;
  call3(SYS_mkdir, BASE "/proc", 0555, 0);
  *tried = "making what it sees read-only";
  struct mount_attr locked = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
  failed = call6(SYS_mount_setattr, AT_FDCWD, (long)BASE, AT_RECURSIVE, (long)&locked, sizeof locked, 0);
  if (failed < 0) return failed;
  *tried = "mounting its processes (proc with subset=pid)";
  uint64_t flags = KEPT_FLAGS | MS_NOEXEC | (c->users ? 0 : MS_RDONLY);
  if ((failed = mounted("proc", BASE "/proc", "proc", flags, "subset=pid")) < 0) return failed;
  *tried = "entering its root";
  if ((failed = call3(SYS_chdir, BASE, 0, 0)) < 0) return failed;
  if ((failed = call3(SYS_pivot_root, ".", ".", 0)) < 0) return failed;
  if ((failed = call3(SYS_umount2, ".", MNT_DETACH, 0)) < 0) return failed;
  return call3(SYS_chdir, "/", 0, 0);
}

long seal_tree(int fd) {
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  return call6(SYS_mount_setattr, fd, (long)"", AT_EMPTY_PATH | AT_RECURSIVE, (long)&attributes, sizeof attributes, 0);
}

/* What hangs nowhere has no parent to escape to, and is gone with the last process that holds it. */
static long detach_tree(const struct tree *tree) {
  long fd = call3(SYS_open_tree, tree->descriptor, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH | AT_RECURSIVE);
  if (fd < 0) return fd;
  struct mount_attr attributes = {
      .attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (tree->read_only ? MOUNT_ATTR_RDONLY : 0),
      .propagation = MS_PRIVATE,
  };
  long failed =
      call6(SYS_mount_setattr, fd, (long)"", AT_EMPTY_PATH | AT_RECURSIVE, (long)&attributes, sizeof attributes, 0);
  if (failed >= 0) failed = call3(SYS_dup2, fd, tree->descriptor, 0);
  call3(SYS_close, fd, 0, 0);
  return failed < 0 ? failed : 0;
}

static long write_small(const char *path, const char *value) {
  long fd = call3(SYS_open, path, O_WRONLY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  long written = call3(SYS_write, fd, value, length_of(value));
  call3(SYS_close, fd, 0, 0);
  return written < 0 ? written : 0;
}

static long map_identity(const char *path, long user) {
  struct text line;
  line.length = 0;
  add_number(&line, INSIDE_USER);
  add(&line, " ");
  add_number(&line, user);
  add(&line, " 1");
  line.bytes[line.length] = 0;
  return write_small(path, line.bytes);
}

static long set_capabilities(uint64_t mask, uint64_t inheritable) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{(uint32_t)mask, (uint32_t)mask, (uint32_t)inheritable},
                                           {(uint32_t)(mask >> 32), (uint32_t)(mask >> 32), (uint32_t)(inheritable >> 32)}};
  return call3(SYS_capset, &header, data, 0);
}

static uint64_t capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0, 0, 0}, {0, 0, 0}};
  call3(SYS_capget, &header, data, 0);
  return data[0].permitted | (uint64_t)data[1].permitted << 32;
}

/* A user of the host whom nobody else is, as long as pids are not used twice; where the host has no such user, its nobody. */
static long become_nobody(const struct confinement *c, const char **tried) {
  int own_namespace = (c->namespaces & CLONE_NEWUSER) != 0;
  long user = (long)(c->users + c->keeper), failed;
  *tried = "becoming a user without rights";
  if ((failed = call3(SYS_setgroups, 0, 0, 0)) < 0) return failed;
  call4(SYS_prctl, PR_SET_KEEPCAPS, 1, 0, 0);
  uint64_t had = capabilities();
  if (call3(SYS_setresgid, user, user, user) < 0) {
    user = INSIDE_USER;
    if ((failed = call3(SYS_setresgid, user, user, user)) < 0) return failed;
  }
  if ((failed = call3(SYS_setresuid, user, user, user)) < 0) return failed;
  if ((failed = set_capabilities(had, 0)) < 0) return failed;
  if (!own_namespace) return 0;
  *tried = "entering a user namespace";
  call4(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0); /* or its own files in /proc would be root's */
  if ((failed = call3(SYS_unshare, CLONE_NEWUSER, 0, 0)) < 0) return failed;
  if ((failed = write_small("/proc/self/setgroups", "deny")) < 0) return failed;
  if ((failed = map_identity("/proc/self/gid_map", user)) < 0) return failed;
  return map_identity("/proc/self/uid_map", user);
}

static long drop(uint64_t kept, int root, const char **tried) {
  long failed;
  *tried = "dropping capabilities";
  for (int each = 0; each <= LAST_CAPABILITY; each++)
    if (!(kept >> each & 1) && call4(SYS_prctl, PR_CAPBSET_DROP, each, 0, 0) == -EINVAL) break;
  call6(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0, 0);
  /* To root, execve(2) gives what the bounding set has; to others, what is ambient. */
  if ((failed = set_capabilities(root ? kept & capabilities() : kept, root ? 0 : kept)) < 0) return failed;
  for (int each = 0; each <= LAST_CAPABILITY && !root; each++)
    if (kept >> each & 1) call6(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, each, 0, 0, 0);
  return call6(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
}

long confine(const struct confinement *c, const char **tried) {
  long failed;
  if (c->namespaces == 0) return 0;
  *tried = "limiting resources";
  for (unsigned i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    struct rlimit64 limit = {limits[i].limit, limits[i].limit};
    if ((failed = call4(SYS_prlimit64, 0, limits[i].resource, &limit, 0)) < 0) return failed;
  }
  *tried = "taking its trees out of the host's";
  for (uint64_t i = 0; i < c->tree_count; i++)
    if ((failed = detach_tree(&c->trees[i])) < 0) return failed;
  *tried = "making namespaces";
  if ((failed = call3(SYS_unshare, c->namespaces & ~(uint64_t)(CLONE_NEWPID | CLONE_NEWUSER), 0, 0)) < 0) return failed;
  if ((failed = enter_root(c, tried)) < 0) return failed;
  if (c->users && (failed = become_nobody(c, tried)) < 0) return failed;
  return drop(c->capabilities, c->users == 0, tried);
}

/* In a child of the keeper's: the mounts of the process are this one's from here on. */
static long take_away(const struct confinement *c, int pid) {
  struct text path;
  path.length = 0;
  add(&path, "/proc/");
  add_number(&path, pid);
  add(&path, "/ns/mnt");
  path.bytes[path.length] = 0;
  long fd = call3(SYS_open, path.bytes, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  long failed = call3(SYS_setns, fd, CLONE_NEWNS, 0);
  if (failed < 0) return failed;
  if ((failed = call3(SYS_umount2, "/proc", MNT_DETACH, 0)) < 0) return failed;
  for (const char *const *visible = c->visible; *visible; visible++) {
    failed = call3(SYS_umount2, *visible, MNT_DETACH | 8 /* UMOUNT_NOFOLLOW */, 0);
    /* A link, or what another one shows, is no mount. */
    if (failed < 0 && failed != -EINVAL && failed != -ENOENT) return failed;
  }
  return 0;
}

long close_root(const struct confinement *c, int pid) {
  if (c->namespaces == 0) return 0;
  int status = 0;
  long helper = call6(SYS_clone, 17 /* SIGCHLD */, 0, 0, 0, 0, 0);
  if (helper < 0) return helper;
  if (helper == 0) call3(SYS_exit_group, -take_away(c, pid), 0, 0);
  long gone = call4(SYS_wait4, helper, &status, 0, 0);
  return gone < 0 ? gone : -(status >> 8 & 0xff);
}
