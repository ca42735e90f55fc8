package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import java.util.Arrays;

/** Who a task is and becomes: user and group identities (credentials(7)). */
final class CredentialCalls {
  private static final int UNCHANGED = -1;
  private static final int MAX_GROUPS = 65536;

  private CredentialCalls() {}

  static void rows(SyscallTable.Builder table) {
    full(table, Sys.GETUID, (t, _, _, _, _, _, _) -> id(t.credentials().uid()));
    full(table, Sys.GETEUID, (t, _, _, _, _, _, _) -> id(t.credentials().euid()));
    full(table, Sys.GETGID, (t, _, _, _, _, _, _) -> id(t.credentials().gid()));
    full(table, Sys.GETEGID, (t, _, _, _, _, _, _) -> id(t.credentials().egid()));
    full(table, Sys.GETRESUID, (t, r, e, s, _, _, _) -> getresuid(t, r, e, s));
    full(table, Sys.GETRESGID, (t, r, e, s, _, _, _) -> getresgid(t, r, e, s));
    full(table, Sys.SETUID, (t, uid, _, _, _, _, _) -> setuid(t, (int) uid));
    full(table, Sys.SETGID, (t, gid, _, _, _, _, _) -> setgid(t, (int) gid));
    full(table, Sys.SETREUID, (t, r, e, _, _, _, _) -> setreuid(t, (int) r, (int) e));
    full(table, Sys.SETREGID, (t, r, e, _, _, _, _) -> setregid(t, (int) r, (int) e));
    full(table, Sys.SETRESUID, (t, r, e, s, _, _, _) -> setresuid(t, (int) r, (int) e, (int) s));
    full(table, Sys.SETRESGID, (t, r, e, s, _, _, _) -> setresgid(t, (int) r, (int) e, (int) s));
    full(table, Sys.SETFSUID, (t, uid, _, _, _, _, _) -> setfsuid(t, (int) uid));
    full(table, Sys.SETFSGID, (t, gid, _, _, _, _, _) -> setfsgid(t, (int) gid));
    full(table, Sys.GETGROUPS, (t, n, list, _, _, _, _) -> getgroups(t, (int) n, list));
    full(table, Sys.SETGROUPS, (t, n, list, _, _, _, _) -> setgroups(t, (int) n, list));
  }

  private static void full(SyscallTable.Builder table, int number, Handler handler) {
    table.row(number, Support.FULL, "", handler);
  }

  /** Identities are unsigned. */
  private static long id(int value) {
    return value & 0xffffffffL;
  }

  private static long getresuid(Task task, long real, long effective, long saved)
      throws ErrnoException {
    Credentials own = task.credentials();
    task.memory().putInt(real, own.uid());
    task.memory().putInt(effective, own.euid());
    task.memory().putInt(saved, own.suid());
    return 0;
  }

  private static long getresgid(Task task, long real, long effective, long saved)
      throws ErrnoException {
    Credentials own = task.credentials();
    task.memory().putInt(real, own.gid());
    task.memory().putInt(effective, own.egid());
    task.memory().putInt(saved, own.sgid());
    return 0;
  }

  private static long setuid(Task task, int uid) {
    Credentials old = task.credentials();
    if (uid == UNCHANGED) {
      return -Errno.EINVAL;
    }
    if (old.has(Capability.SETUID)) {
      return change(task, old.withUsers(uid, uid, uid, uid));
    }
    if (uid != old.uid() && uid != old.suid()) {
      return -Errno.EPERM;
    }
    return change(task, old.withUsers(old.uid(), uid, old.suid(), uid));
  }

  private static long setreuid(Task task, int real, int effective) {
    Credentials old = task.credentials();
    boolean any = old.has(Capability.SETUID);
    if (real != UNCHANGED && real != old.uid() && real != old.euid() && !any) {
      return -Errno.EPERM;
    }
    if (effective != UNCHANGED
        && effective != old.uid()
        && effective != old.euid()
        && effective != old.suid()
        && !any) {
      return -Errno.EPERM;
    }
    int uid = or(real, old.uid());
    int euid = or(effective, old.euid());
    boolean save = real != UNCHANGED || (effective != UNCHANGED && effective != old.uid());
    return change(task, old.withUsers(uid, euid, save ? euid : old.suid(), euid));
  }

  private static long setresuid(Task task, int real, int effective, int saved) {
    Credentials old = task.credentials();
    if ((real == UNCHANGED || real == old.uid())
        && (effective == UNCHANGED || (effective == old.euid() && effective == old.fsuid()))
        && (saved == UNCHANGED || saved == old.suid())) {
      return 0;
    }
    if (!old.has(Capability.SETUID)
        && (isNewUser(old, real) || isNewUser(old, effective) || isNewUser(old, saved))) {
      return -Errno.EPERM;
    }
    int euid = or(effective, old.euid());
    return change(task, old.withUsers(or(real, old.uid()), euid, or(saved, old.suid()), euid));
  }

  private static boolean isNewUser(Credentials old, int uid) {
    return uid != UNCHANGED && uid != old.uid() && uid != old.euid() && uid != old.suid();
  }

  /** The old value is returned whether or not the change was allowed. */
  private static long setfsuid(Task task, int uid) {
    Credentials old = task.credentials();
    if (uid != UNCHANGED
        && uid != old.fsuid()
        && (!isNewUser(old, uid) || old.has(Capability.SETUID))) {
      Credentials next = old.withUsers(old.uid(), old.euid(), old.suid(), uid);
      Identity.replace(task, Identity.afterFileSystemUserChange(old, next));
    }
    return id(old.fsuid());
  }

  private static long change(Task task, Credentials next) {
    Identity.replace(task, Identity.afterUserChange(task.credentials(), next));
    return 0;
  }

  private static long setgid(Task task, int gid) {
    Credentials old = task.credentials();
    if (gid == UNCHANGED) {
      return -Errno.EINVAL;
    }
    if (old.has(Capability.SETGID)) {
      Identity.replace(task, old.withGroups(gid, gid, gid, gid));
      return 0;
    }
    if (gid != old.gid() && gid != old.sgid()) {
      return -Errno.EPERM;
    }
    Identity.replace(task, old.withGroups(old.gid(), gid, old.sgid(), gid));
    return 0;
  }

  private static long setregid(Task task, int real, int effective) {
    Credentials old = task.credentials();
    boolean any = old.has(Capability.SETGID);
    if (real != UNCHANGED && real != old.gid() && real != old.egid() && !any) {
      return -Errno.EPERM;
    }
    if (effective != UNCHANGED
        && effective != old.gid()
        && effective != old.egid()
        && effective != old.sgid()
        && !any) {
      return -Errno.EPERM;
    }
    int egid = or(effective, old.egid());
    boolean save = real != UNCHANGED || (effective != UNCHANGED && effective != old.gid());
    Identity.replace(
        task, old.withGroups(or(real, old.gid()), egid, save ? egid : old.sgid(), egid));
    return 0;
  }

  private static long setresgid(Task task, int real, int effective, int saved) {
    Credentials old = task.credentials();
    if ((real == UNCHANGED || real == old.gid())
        && (effective == UNCHANGED || (effective == old.egid() && effective == old.fsgid()))
        && (saved == UNCHANGED || saved == old.sgid())) {
      return 0;
    }
    if (!old.has(Capability.SETGID)
        && (isNewGroup(old, real) || isNewGroup(old, effective) || isNewGroup(old, saved))) {
      return -Errno.EPERM;
    }
    int egid = or(effective, old.egid());
    Identity.replace(task, old.withGroups(or(real, old.gid()), egid, or(saved, old.sgid()), egid));
    return 0;
  }

  private static boolean isNewGroup(Credentials old, int gid) {
    return gid != UNCHANGED && gid != old.gid() && gid != old.egid() && gid != old.sgid();
  }

  private static long setfsgid(Task task, int gid) {
    Credentials old = task.credentials();
    if (gid != UNCHANGED
        && gid != old.fsgid()
        && (!isNewGroup(old, gid) || old.has(Capability.SETGID))) {
      Identity.replace(task, old.withGroups(old.gid(), old.egid(), old.sgid(), gid));
    }
    return id(old.fsgid());
  }

  private static int or(int wanted, int old) {
    return wanted == UNCHANGED ? old : wanted;
  }

  private static long getgroups(Task task, int size, long list) throws ErrnoException {
    if (size < 0) {
      return -Errno.EINVAL;
    }
    int[] groups = task.credentials().groups();
    if (size == 0) {
      return groups.length;
    }
    if (groups.length > size) {
      return -Errno.EINVAL;
    }
    for (int i = 0; i < groups.length; i++) {
      task.memory().putInt(list + 4L * i, groups[i]);
    }
    return groups.length;
  }

  private static long setgroups(Task task, int size, long list) throws ErrnoException {
    Credentials old = task.credentials();
    if (!old.has(Capability.SETGID)) {
      return -Errno.EPERM;
    }
    if (size < 0 || size > MAX_GROUPS) {
      return -Errno.EINVAL;
    }
    int[] groups = new int[size];
    for (int i = 0; i < size; i++) {
      int gid = task.memory().getInt(list + 4L * i);
      if (gid == UNCHANGED) {
        return -Errno.EINVAL;
      }
      groups[i] = gid ^ Integer.MIN_VALUE;
    }
    Arrays.sort(groups); // as unsigned values
    for (int i = 0; i < size; i++) {
      groups[i] ^= Integer.MIN_VALUE;
    }
    Identity.replace(task, old.withSupplementary(groups));
    return 0;
  }
}
