/*
 * jail [--network] IMAGE ACCESS [DEVICE...] -- PROGRAM ARGUMENT...: starts QEMU where a guest that breaks out of it finds nothing.
 *
 * The program gets namespaces of its own (user, mount, process, network unless it is to have this one, IPC, host name), a root that holds
 * the host's libraries, the directory IMAGE and the trees that descriptors from FIRST_TREE on stand for, directories or single files,
 * all read-only but the trees for which ACCESS, a letter for each, has a w; no capability outside of its user namespace, and there only those that owning all files of the trees takes; no way to
 * gain any; and it dies with the process that started this one.
 *
 * Its users are those of the host from FIRST_USER on, and the trees are mounted so that their owners appear shifted likewise
 * (mount_setattr(2), MOUNT_ATTR_IDMAP): so the program is nobody on the host, and what it makes in a tree belongs to whom the guest says.
 * File systems that cannot be mounted so (overlayfs) are served by the host's numbers, still without any capability over the host.
 */
#include <asm/signal.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/stat.h>
#include <linux/wait.h>
#include <sys/syscall.h>

#include "calls.h"
#include "text.h"

#define FIRST_TREE 8
#define MOST_TREES 256
#define FIRST_USER "200000"
#define IDENTITY "0"
#define FAILED 125
#define ENOENT 2
#define EINTR 4
#define MNT_DETACH 2
#define AT_EMPTY_PATH 0x1000
#define AT_RECURSIVE 0x8000
#define CAP_BITS 41

/* Where the new root is put together, in a mount namespace that nobody else is in. */
#define PLACE "/tmp"

static _Noreturn void die(const char *what, long error) {
  char line[600];
  char *end = put_string(put_string(line, "bulwark-jail: "), length_of(what) < 400 ? what : "a step");
  end = put_string(put_number(put_string(end, " failed with errno "), (unsigned long)-error), "\n");
  call3(SYS_write, 2, line, end - line);
  call3(SYS_exit_group, FAILED, 0, 0);
  __builtin_unreachable();
}

static long check(long result, const char *what) {
  if (result < 0) die(what, result);
  return result;
}

static long attach(long tree, const char *target) {
  return call6(SYS_move_mount, tree, (long)"", AT_FDCWD, (long)target, MOVE_MOUNT_F_EMPTY_PATH, 0);
}

static long change(long tree, uint64_t attributes, long users) {
  struct mount_attr attr = {.attr_set = attributes, .userns_fd = (uint64_t)(users < 0 ? 0 : users)};
  if (users >= 0) attr.attr_set |= MOUNT_ATTR_IDMAP;
  return call6(SYS_mount_setattr, tree, (long)"", AT_EMPTY_PATH | AT_RECURSIVE, (long)&attr, sizeof attr, 0);
}

/* A path of the host in the new root, if the host has it. */
static void show(const char *path, uint64_t attributes) {
  char target[300];
  if (length_of(path) > 200) die(path, -36);
  put_string(put_string(target, PLACE), path);
  long tree = call3(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | AT_RECURSIVE | O_CLOEXEC);
  if (tree == -ENOENT) return;
  check(tree, path);
  check(change(tree, attributes, -1), path);
  /* A directory or a file to mount upon, whichever fits. */
  for (char *slash = target + length_of(PLACE) + 1; *slash; slash++) {
    if (*slash != '/') continue;
    *slash = 0;
    call3(SYS_mkdir, target, 0755, 0);
    *slash = '/';
  }
  call3(SYS_mkdir, target, 0755, 0);
  long failed = attach(tree, target);
  if (failed < 0) {
    call3(SYS_rmdir, target, 0, 0);
    long file = check(call3(SYS_open, target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644), target);
    call3(SYS_close, file, 0, 0);
    failed = attach(tree, target);
  }
  check(failed, path);
  call3(SYS_close, tree, 0, 0);
}

static void write_map(long pid, const char *file, const char *first) {
  char path[64], map[64];
  put_string(put_number(put_string(path, "/proc/"), (unsigned long)pid), file);
  put_string(put_string(put_string(map, "0 "), first), " 65536");
  check(write_file(path, map), path);
}

/* A user namespace whose numbers start at one of the host's; gives a descriptor of it. */
static long user_namespace(const char *first) {
  char path[64];
  long pid = check(call6(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0, 0), "making a user namespace");
  if (pid == 0) {
    for (;;) call3(SYS_pause, 0, 0, 0);
  }
  write_map(pid, "/uid_map", first);
  write_map(pid, "/gid_map", first);
  put_string(put_number(put_string(path, "/proc/"), (unsigned long)pid), "/ns/user");
  long users = check(call3(SYS_open, path, O_RDONLY | O_CLOEXEC, 0), path);
  call3(SYS_kill, pid, SIGKILL, 0);
  call4(SYS_wait4, pid, 0, __WALL, 0);
  return users;
}

/* The trees behind descriptors, before this process leaves the mount namespace that they are in. */
static void copy_trees(long *trees, int count) {
  for (int i = 0; i < count; i++) {
    trees[i] = check(call3(SYS_open_tree, FIRST_TREE + i, "", OPEN_TREE_CLONE | AT_RECURSIVE | AT_EMPTY_PATH | O_CLOEXEC),
                     "copying the mount of a tree");
    call3(SYS_close, FIRST_TREE + i, 0, 0);
  }
}

/* A place to mount a tree on: whoever is asked for the tree's directory finds them all below one. */
static void make_place(long tree, const char *target) {
  struct statx file;
  check(call6(SYS_statx, tree, (long)"", AT_EMPTY_PATH, STATX_TYPE, (long)&file, 0), "looking at a tree");
  if ((file.stx_mode & S_IFMT) == S_IFDIR) {
    check(call3(SYS_mkdir, target, 0755, 0), target);
  } else {
    long fd = check(call3(SYS_open, target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644), target);
    call3(SYS_close, fd, 0, 0);
  }
}

static void attach_trees(const long *trees, int count) {
  call3(SYS_mkdir, PLACE "/trees", 0755, 0);
  for (int i = 0; i < count; i++) {
    char target[64];
    put_number(put_string(target, PLACE "/trees/"), (unsigned long)i);
    make_place(trees[i], target);
    check(attach(trees[i], target), "mounting a tree");
    call3(SYS_close, trees[i], 0, 0);
  }
}

/* Makes all of them shifted, or none. */
static int shift(const long *trees, int count, const char *access, long users) {
  for (int i = 0; i < count; i++) {
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, .userns_fd = 0};
    if (access[i] != 'w') attr.attr_set |= MOUNT_ATTR_RDONLY;
    check(call6(SYS_mount_setattr, trees[i], (long)"", AT_EMPTY_PATH | AT_RECURSIVE, (long)&attr, sizeof attr, 0), "hardening a tree");
  }
  for (int i = 0; i < count; i++)
    if (change(trees[i], 0, users) < 0) return 0;
  return 1;
}

/* The same device as one of the host, for whoever is in the jail. */
static void make_device(const char *path) {
  char target[300];
  struct statx file;
  if (length_of(path) > 200) die(path, -36);
  put_string(put_string(target, PLACE), path);
  check(call6(SYS_statx, AT_FDCWD, (long)path, 0, STATX_BASIC_STATS, (long)&file, 0), path);
  uint64_t number = (file.stx_rdev_minor & 0xff) | file.stx_rdev_major << 8 | (uint64_t)(file.stx_rdev_minor & ~0xffU) << 12;
  check(call3(SYS_mknod, target, S_IFCHR | 0600, number), path);
  check(call3(SYS_chmod, target, 0666, 0), path);
}

static void make_root(const char *program, const char *image, char **devices, const long *trees, int count) {
  static const char *const libraries[] = {"/usr/lib", "/usr/lib64", "/usr/share/qemu", "/usr/share/seabios",
                                          "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives"};
  uint64_t hardened = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  check(call3(SYS_unshare, CLONE_NEWNS, 0, 0), "making a mount namespace");
  check(call6(SYS_mount, 0, (long)"/", 0, MS_REC | MS_PRIVATE, 0, 0), "separating mounts");
  long images = check(call3(SYS_open_tree, AT_FDCWD, image, OPEN_TREE_CLONE | O_CLOEXEC), image);
  check(change(images, hardened, -1), image);
  check(call6(SYS_mount, (long)"tmpfs", (long)PLACE, (long)"tmpfs", MS_NOSUID, (long)"mode=755,size=1m", 0), "mounting the new root");
  for (unsigned i = 0; i < sizeof libraries / sizeof *libraries; i++) show(libraries[i], hardened);
  show(program, hardened);
  call3(SYS_mkdir, PLACE "/dev", 0755, 0);
  make_device("/dev/null");
  make_device("/dev/urandom");
  call3(SYS_mkdir, PLACE "/image", 0755, 0);
  check(attach(images, PLACE "/image"), image);
  for (; *devices && !same(*devices, "--"); devices++) make_device(*devices);
  call3(SYS_mkdir, PLACE "/proc", 0555, 0);
  call3(SYS_mkdir, PLACE "/var", 0755, 0);
  call3(SYS_mkdir, PLACE "/var/tmp", 01777, 0);
  attach_trees(trees, count);
  check(call3(SYS_chdir, PLACE, 0, 0), PLACE);
  check(call3(SYS_pivot_root, ".", ".", 0), "changing the root");
  check(call3(SYS_umount2, ".", MNT_DETACH, 0), "leaving the old root");
  check(call3(SYS_chdir, "/", 0, 0), "/");
}

static void drop_capabilities(void) {
  /* What being the owner of all files means, and nothing else. */
  uint32_t kept = 1U << CAP_CHOWN | 1U << CAP_DAC_OVERRIDE | 1U << CAP_FOWNER | 1U << CAP_FSETID;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{kept, kept, kept}, {0, 0, 0}};
  for (unsigned bit = 0; bit < CAP_BITS; bit++)
    if (bit >= 32 || !(kept >> bit & 1)) call3(SYS_prctl, PR_CAPBSET_DROP, bit, 0);
  check(call3(SYS_capset, &header, data, 0), "giving capabilities up");
  check(call6(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0), "forbidding new privileges");
}

/* As the first process of its namespaces: QEMU itself, so that its death ends all. */
static _Noreturn void become(char **command, int asks, int ready) {
  char *environment[] = {0};
  char byte;
  uint64_t none = 0;
  call3(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0);
  /* QEMU reaches files through /proc/self/fd; of the host's processes and settings this one shows nothing. */
  check(call6(SYS_mount, (long)"proc", (long)"/proc", (long)"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, (long)"subset=pid", 0), "mounting /proc");
  check(call3(SYS_unshare, CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWUTS, 0, 0), "making namespaces");
  call3(SYS_write, asks, "", 1);
  if (call3(SYS_read, ready, &byte, 1) != 1) die("waiting for the numbers of users", -5);
  call3(SYS_setsid, 0, 0, 0);
  check(call3(SYS_setgroups, 0, 0, 0), "leaving groups");
  check(call3(SYS_setresgid, 0, 0, 0), "changing the group");
  check(call3(SYS_setresuid, 0, 0, 0), "changing the user");
  /* Changing the user took the signal back. */
  call3(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0);
  drop_capabilities();
  call4(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &none, 0, sizeof none);
  check(call3(SYS_execve, command[0], command, environment), command[0]);
  __builtin_unreachable();
}

__attribute__((used)) static _Noreturn void run(long *stack) {
  long count = stack[0], at = 3;
  char **arguments = (char **)(stack + 1);
  long trees[MOST_TREES];
  int network = 0;
  call3(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0);
  if (count > 1 && same(arguments[1], "--network")) {
    network = 1;
    arguments++;
    count--;
  }
  while (at < count && !same(arguments[at], "--")) at++;
  if (at + 1 >= count) die("reading the arguments", -22);
  char **command = arguments + at + 1;
  const char *access = arguments[2];
  int number = (int)length_of(access);
  if (number > MOST_TREES) die("taking so many trees", -7);
  copy_trees(trees, number);
  long users = user_namespace(FIRST_USER);
  const char *first = shift(trees, number, access, users) ? FIRST_USER : IDENTITY;
  call3(SYS_close, users, 0, 0);
  /* The maps of the program are written by way of /proc, which the new root does not have. */
  int gate[2], question[2];
  char byte;
  check(call3(SYS_pipe2, gate, O_CLOEXEC, 0), "making a pipe");
  check(call3(SYS_pipe2, question, O_CLOEXEC, 0), "making a pipe");
  long proc = check(call3(SYS_open, "/proc", O_DIRECTORY | O_RDONLY | O_CLOEXEC, 0), "/proc");
  make_root(command[0], arguments[1], arguments + 3, trees, number);
  if (!network) check(call3(SYS_unshare, CLONE_NEWNET, 0, 0), "making a network namespace");
  long pid = check(call6(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0, 0), "making a process namespace");
  if (pid == 0) become(command, question[1], gate[0]);
  call3(SYS_close, question[1], 0, 0);
  if (call3(SYS_read, question[0], &byte, 1) != 1) call3(SYS_exit_group, FAILED, 0, 0); /* it said why */
  check(call3(SYS_fchdir, proc, 0, 0), "/proc");
  call3(SYS_close, proc, 0, 0);
  for (int group = 0; group < 2; group++) {
    char path[64], map[64];
    put_string(put_number(path, (unsigned long)pid), group ? "/gid_map" : "/uid_map");
    put_string(put_string(put_string(map, "0 "), first), " 65536");
    check(write_file(path, map), path);
  }
  call3(SYS_chdir, "/", 0, 0);
  call3(SYS_write, gate[1], "", 1);
  /* Nothing but waiting is left to do, and nothing but that is held. */
  call3(SYS_close_range, 3, ~0U, 0);
  int status = 0;
  long gone;
  do {
    gone = call4(SYS_wait4, pid, &status, __WALL, 0);
  } while (gone == -EINTR);
  call3(SYS_exit_group, status & 0x7f ? 128 + (status & 0x7f) : status >> 8 & 0xff, 0, 0);
  __builtin_unreachable();
}

__asm__(
    ".text\n"
    ".globl _start\n"
    "_start:\n\t"
    "xor %ebp,%ebp\n\t"
    "mov %rsp,%rdi\n\t"
    "and $-16,%rsp\n\t"
    "call run\n");
