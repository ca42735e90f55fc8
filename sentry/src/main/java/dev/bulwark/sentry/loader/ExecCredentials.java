package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;

/**
 * Who a task is after execve(2): set-user-ID and set-group-ID bits, file and ambient capabilities,
 * the privileges of root (capabilities(7), "Transformation of capabilities during execve()"; {@code
 * security/commoncap.c}).
 *
 * @param credentials the new credentials
 * @param secure whether privileges grew: AT_SECURE, and the parent-death signal is cleared
 * @param dumpable whether the process may be traced and dumped by its own user
 */
public record ExecCredentials(Credentials credentials, boolean secure, boolean dumpable) {
  private static final int SET_USER = 04000;
  private static final int SET_GROUP = 02000;
  private static final int GROUP_EXECUTE = 00010;
  private static final int SECURE_NOROOT = 1;
  private static final int SECURE_KEEP_CAPS = 1 << 4;

  /**
   * Reckons the credentials of a task that executes a file.
   *
   * @param old those of the task
   * @param noNewPrivileges prctl(PR_SET_NO_NEW_PRIVS)
   * @param watched whether somebody could use the growth: a tracer without rights over it, or a
   *     task outside the process that shares its {@code fs_struct}
   * @throws ErrnoException EPERM for effective file capabilities that the bounding set withholds
   */
  public static ExecCredentials after(
      Credentials old, ProgramFile file, boolean noNewPrivileges, boolean watched)
      throws ErrnoException {
    int euid = old.euid();
    int egid = old.egid();
    FileCapabilities capabilities = null;
    if (file.mayChangePrivileges()) {
      if (!noNewPrivileges && (file.mode() & SET_USER) != 0) {
        euid = file.uid();
      }
      if (!noNewPrivileges
          && (file.mode() & (SET_GROUP | GROUP_EXECUTE)) == (SET_GROUP | GROUP_EXECUTE)) {
        egid = file.gid();
      }
      capabilities = FileCapabilities.parse(file.capabilityAttribute());
    }

    long permitted = 0;
    boolean effective = false;
    if (capabilities != null) {
      permitted =
          (old.bounding() & capabilities.permitted())
              | (old.inheritable() & capabilities.inheritable());
      effective = capabilities.effective();
      if (effective && (capabilities.permitted() & ~permitted) != 0) {
        throw ErrnoException.of(Errno.EPERM);
      }
    }
    boolean rootCounts = (old.securebits() & SECURE_NOROOT) == 0;
    // A set-user-ID-root program with file capabilities gets those only, unless root runs it.
    boolean onlyFile = capabilities != null && euid == 0 && old.uid() != 0;
    if (rootCounts && !onlyFile) {
      if (euid == 0 || old.uid() == 0) {
        permitted = old.bounding() | old.inheritable();
      }
      effective |= euid == 0;
    }

    boolean setId = euid != old.uid() || egid != old.gid();
    boolean gained = (permitted & ~old.permitted()) != 0;
    if ((setId || gained) && (noNewPrivileges || watched)) {
      if (noNewPrivileges || !old.has(Capability.SETUID)) {
        euid = old.uid();
        egid = old.gid();
      }
      permitted &= old.permitted();
    }

    long ambient = capabilities != null || setId ? 0 : old.ambient();
    permitted |= ambient;
    Credentials next =
        old.withUsers(old.uid(), euid, euid, euid)
            .withGroups(old.gid(), egid, egid, egid)
            .withCapabilities(
                permitted,
                effective ? permitted : ambient,
                old.inheritable(),
                old.bounding(),
                ambient)
            .withSecurebits(old.securebits() & ~SECURE_KEEP_CAPS);
    boolean grew = old.uid() != 0 && (effective || (permitted & ~ambient) != 0);
    boolean dumpable = euid == old.uid() && egid == old.gid();
    return new ExecCredentials(next, setId || grew, dumpable);
  }
}
