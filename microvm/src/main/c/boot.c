#include "boot.h"

#include <linux/fcntl.h>
#include <linux/mount.h>
#include <linux/time_types.h>
#include <sys/syscall.h>

#include "calls.h"
#include "files.h"
#include "text.h"

#define EEXIST 17
#define PORT_NAME "bulwark.agent\n"
#define ATTEMPTS 5000
#define MILLISECOND 1000000
#define LINUX_REBOOT_MAGIC1 0xfee1dead
#define LINUX_REBOOT_MAGIC2 672274793
#define LINUX_REBOOT_CMD_RESTART 0x1234567

void log_line(const char *what, long error) {
  char line[512];
  char *end = put_string(line, "<3>bulwark-agent: ");
  if (length_of(what) < 400) end = put_string(end, what);
  if (error < 0) end = put_number(put_string(end, ": errno "), (unsigned long)-error);
  put_string(end, "\n");
  if (write_file("/dev/kmsg", line) < 0) write_file("/dev/console", line + 3);
}

_Noreturn void power_off(void) {
  call3(SYS_sync, 0, 0, 0);
  /* The machine is started so that a restart ends it. */
  call4(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, 0);
  call3(SYS_exit_group, 0, 0, 0);
  __builtin_unreachable();
}

static void mount_at(const char *source, const char *target, const char *type, unsigned long flags, const char *data) {
  call3(SYS_mkdir, target, 0755, 0);
  long failed = call6(SYS_mount, (long)source, (long)target, (long)type, (long)flags, (long)data, 0);
  if (failed < 0) log_line(target, failed);
}

/* A container's root is changed by pivot_root(2), which refuses the kernel's first mount: so / becomes one upon it. */
static void make_root_a_mount(void) {
  long failed = call6(SYS_mount, (long)"/", (long)"/mnt", 0, MS_BIND | MS_REC, 0, 0);
  if (failed >= 0) failed = call3(SYS_chdir, "/mnt", 0, 0);
  if (failed >= 0) failed = call6(SYS_mount, (long)".", (long)"/", 0, MS_MOVE, 0, 0);
  if (failed >= 0) failed = call3(SYS_chroot, ".", 0, 0);
  if (failed >= 0) failed = call3(SYS_chdir, "/", 0, 0);
  if (failed < 0) log_line("the root cannot be made a mount", failed);
}

static void load_modules(void) {
  for (unsigned i = 0;; i++) {
    char path[64];
    put_number(put_string(path, "/modules/"), i);
    long fd = call3(SYS_open, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0) return;
    long failed = call3(SYS_finit_module, fd, "", 0);
    if (failed < 0 && failed != -EEXIST) log_line(path, failed);
    call3(SYS_close, fd, 0, 0);
    call3(SYS_unlink, path, 0, 0); /* it would only take memory */
  }
}

struct entry {
  uint64_t inode, next;
  uint16_t length;
  uint8_t type;
  char name[];
};

/* Opens the port of a name among those in a listing. */
static long open_named(const char *name) {
  char path[300], found[64];
  put_string(put_string(put_string(path, "/sys/class/virtio-ports/"), name), "/name");
  long fd = call3(SYS_open, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return fd;
  long n = call3(SYS_read, fd, found, sizeof found - 1);
  call3(SYS_close, fd, 0, 0);
  found[n > 0 ? n : 0] = 0;
  if (!same(found, PORT_NAME)) return -1;
  put_string(put_string(path, "/dev/"), name);
  return call3(SYS_open, path, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);
}

static long find_port(void) {
  static char entries[4096];
  long port = -1;
  long directory = call3(SYS_open, "/sys/class/virtio-ports", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (directory < 0) return directory;
  long n = call3(SYS_getdents64, directory, entries, sizeof entries);
  for (long at = 0; at < n && port < 0;) {
    struct entry *entry = (struct entry *)(entries + at);
    if (entry->name[0] != '.' && length_of(entry->name) < 200) port = open_named(entry->name);
    at += entry->length;
  }
  call3(SYS_close, directory, 0, 0);
  return port;
}

static int await_port(void) {
  struct __kernel_timespec pause = {0, 2L * MILLISECOND};
  for (int i = 0; i < ATTEMPTS; i++) {
    long port = find_port();
    if (port >= 0) return (int)port;
    call3(SYS_nanosleep, &pause, 0, 0);
  }
  log_line("the machine has no port to the host", 0);
  power_off();
}

int boot(void) {
  mount_at("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
  mount_at("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
  mount_at("devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=755");
  make_root_a_mount();
  mount_at("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "ptmxmode=0666,mode=620,gid=5");
  mount_at("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
  mount_at("mqueue", "/dev/mqueue", "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, "");
  mount_at("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755");
  mount_at("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
  mount_at("cgroup2", "/sys/fs/cgroup", "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, "nsdelegate");
  static const char *const controllers[] = {"+cpu", "+cpuset", "+io", "+memory", "+pids"};
  for (unsigned i = 0; i < sizeof controllers / sizeof *controllers; i++)
    write_file("/sys/fs/cgroup/cgroup.subtree_control", controllers[i]);
  load_modules();
  return await_port();
}
