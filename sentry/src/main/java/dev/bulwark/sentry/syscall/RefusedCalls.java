package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.auth.Capability;

/**
 * Calls that concern the machine, which no sandbox may touch. Without the privilege they fail as on
 * any Linux; with it, as on one that was built or set up without the facility.
 */
final class RefusedCalls {
  private RefusedCalls() {}

  static void rows(SyscallTable.Builder table) {
    refuse(table, Sys.ACCT, Capability.SYS_PACCT, Errno.ENOSYS, "no process accounting");
    refuse(table, Sys.REBOOT, Capability.SYS_BOOT, Errno.EPERM, "a sandbox cannot be rebooted");
    refuse(table, Sys.SWAPON, Capability.SYS_ADMIN, Errno.EPERM, "no swap");
    refuse(table, Sys.SWAPOFF, Capability.SYS_ADMIN, Errno.EPERM, "no swap");
    refuse(table, Sys.INIT_MODULE, Capability.SYS_MODULE, Errno.EPERM, "no modules");
    refuse(table, Sys.FINIT_MODULE, Capability.SYS_MODULE, Errno.EPERM, "no modules");
    refuse(table, Sys.DELETE_MODULE, Capability.SYS_MODULE, Errno.EPERM, "no modules");
    refuse(table, Sys.KEXEC_LOAD, Capability.SYS_BOOT, Errno.EPERM, "no other kernel");
    refuse(table, Sys.KEXEC_FILE_LOAD, Capability.SYS_BOOT, Errno.EPERM, "no other kernel");
    refuse(table, Sys.IOPL, Capability.SYS_RAWIO, Errno.EPERM, "no I/O ports");
    refuse(table, Sys.IOPERM, Capability.SYS_RAWIO, Errno.EPERM, "no I/O ports");
    refuse(table, Sys.QUOTACTL, Capability.SYS_ADMIN, Errno.ENOSYS, "no quotas");
    refuse(
        table, Sys.BPF, Capability.SYS_ADMIN, Errno.EPERM, "as set by unprivileged_bpf_disabled");
    refuse(
        table,
        Sys.PERF_EVENT_OPEN,
        Capability.PERFMON,
        Errno.EACCES,
        "as set by perf_event_paranoid",
        Errno.EACCES);
    refuse(
        table,
        Sys.USERFAULTFD,
        Capability.SYS_PTRACE,
        Errno.EPERM,
        "as set by unprivileged_userfaultfd");
    refuse(
        table,
        Sys.IO_URING_SETUP,
        Capability.SYS_ADMIN,
        Errno.EPERM,
        "as set by io_uring_disabled");
    refuse(table, Sys.VHANGUP, Capability.SYS_TTY_CONFIG, Errno.EPERM, "terminals are not hung up");
    refuse(
        table,
        Sys.FANOTIFY_INIT,
        Capability.SYS_ADMIN,
        Errno.ENOSYS,
        "as a kernel without fanotify");
    refuse(
        table,
        Sys.OPEN_BY_HANDLE_AT,
        Capability.DAC_READ_SEARCH,
        Errno.EOPNOTSUPP,
        "files have no handles");
  }

  private static void refuse(
      SyscallTable.Builder table, int number, int capability, int errno, String note) {
    refuse(table, number, capability, errno, note, Errno.EPERM);
  }

  private static void refuse(
      SyscallTable.Builder table,
      int number,
      int capability,
      int errno,
      String note,
      int unprivileged) {
    table.row(
        number,
        Support.PARTIAL,
        note + ": always " + Errno.name(errno),
        (t, _, _, _, _, _, _) -> t.credentials().has(capability) ? -errno : -unprivileged);
  }
}
