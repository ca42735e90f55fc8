package dev.bulwark.sentry.syscall;

import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.auth.SecureBits;
import dev.bulwark.sentry.kernel.Task;

/**
 * What a change of identity brings with it (capabilities(7), "Effect of user ID changes on
 * capabilities"; {@code security/commoncap.c}, {@code commit_creds}).
 */
final class Identity {
  /** What a file-system user of 0 can do (CAP_FS_SET). */
  private static final long FILE_SYSTEM =
      (1L << Capability.CHOWN)
          | (1L << Capability.MKNOD)
          | (1L << Capability.DAC_OVERRIDE)
          | (1L << Capability.DAC_READ_SEARCH)
          | (1L << Capability.FOWNER)
          | (1L << Capability.FSETID)
          | (1L << Capability.LINUX_IMMUTABLE)
          | (1L << Capability.MAC_OVERRIDE);

  private Identity() {}

  /** The capabilities after setuid(2), setreuid(2) or setresuid(2). */
  static Credentials afterUserChange(Credentials old, Credentials next) {
    if (SecureBits.NO_SETUID_FIXUP.isSet(old)) {
      return next;
    }
    long permitted = old.permitted();
    long effective = old.effective();
    long ambient = old.ambient();
    boolean wasRoot = old.uid() == 0 || old.euid() == 0 || old.suid() == 0;
    boolean isRoot = next.uid() == 0 || next.euid() == 0 || next.suid() == 0;
    if (wasRoot && !isRoot) {
      if (!SecureBits.KEEP_CAPS.isSet(old)) {
        permitted = 0;
        effective = 0;
      }
      // Programs older than ambient capabilities expect execve to drop what they kept.
      ambient = 0;
    }
    if (old.euid() == 0 && next.euid() != 0) {
      effective = 0;
    }
    if (old.euid() != 0 && next.euid() == 0) {
      effective = permitted;
    }
    return next.withCapabilities(permitted, effective, old.inheritable(), old.bounding(), ambient);
  }

  /** The capabilities after setfsuid(2). */
  static Credentials afterFileSystemUserChange(Credentials old, Credentials next) {
    if (SecureBits.NO_SETUID_FIXUP.isSet(old)) {
      return next;
    }
    long effective = old.effective();
    if (old.fsuid() == 0 && next.fsuid() != 0) {
      effective &= ~FILE_SYSTEM;
    }
    if (old.fsuid() != 0 && next.fsuid() == 0) {
      effective |= old.permitted() & FILE_SYSTEM;
    }
    return next.withCapabilities(
        old.permitted(), effective, old.inheritable(), old.bounding(), old.ambient());
  }

  /**
   * Gives a task its new credentials. Whoever might have looked into the process as its former self
   * no longer can, and the signal at the parent's death is forgotten.
   */
  static void replace(Task task, Credentials next) {
    Credentials old = task.credentials();
    if (old.euid() != next.euid()
        || old.egid() != next.egid()
        || old.fsuid() != next.fsuid()
        || old.fsgid() != next.fsgid()
        || (next.permitted() & ~old.permitted()) != 0) {
      task.process().attributes().setDumpable(false);
      task.attributes().setDeathSignal(0);
    }
    task.setCredentials(next);
  }
}
