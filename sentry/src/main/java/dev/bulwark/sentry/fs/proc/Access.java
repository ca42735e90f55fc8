package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;

/** Who may look into a process: the rule of ptrace(2), "Ptrace access mode checking". */
final class Access {
  private Access() {}

  /**
   * Checks PTRACE_MODE_READ_FSCREDS.
   *
   * @throws ErrnoException EACCES
   */
  static void check(Subject subject, Credentials reader) throws ErrnoException {
    if (!allowed(subject, reader)) {
      throw ErrnoException.of(Errno.EACCES);
    }
  }

  /** Whether somebody may look into a process. */
  static boolean allowed(Subject subject, Credentials reader) {
    Task current = Task.current();
    if (current != null && subject.pid() == current.process().pid()) {
      return true;
    }
    if (reader.has(Capability.SYS_PTRACE)) {
      return true;
    }
    if (!subject.process().attributes().dumpable()) {
      return false;
    }
    Credentials other = subject.credentials();
    return reader.fsuid() == other.uid()
        && reader.fsuid() == other.euid()
        && reader.fsuid() == other.suid()
        && reader.fsgid() == other.gid()
        && reader.fsgid() == other.egid()
        && reader.fsgid() == other.sgid()
        && (other.permitted() & ~reader.permitted()) == 0;
  }
}
