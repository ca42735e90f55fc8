package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;

/** Capability sets: capget(2), capset(2). */
final class CapabilityCalls {
  private static final int VERSION_1 = 0x19980330;
  private static final int VERSION_2 = 0x20071026;
  private static final int VERSION_3 = 0x20080522;

  /** Three 32-bit words, once for version 1 and twice for the others. */
  private static final int ELEMENT = 12;

  private CapabilityCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.CAPGET, Support.FULL, "", (t, header, data, _, _, _, _) -> capget(t, header, data));
    table.row(
        Sys.CAPSET, Support.FULL, "", (t, header, data, _, _, _, _) -> capset(t, header, data));
  }

  /** How many elements a version has; 0 for an unknown one, whose caller is told the newest. */
  private static int elements(Task task, long header) throws ErrnoException {
    int version = task.memory().getInt(header);
    if (version == VERSION_1) {
      return 1;
    }
    if (version == VERSION_2 || version == VERSION_3) {
      return 2;
    }
    task.memory().putInt(header, VERSION_3);
    return 0;
  }

  private static long capget(Task task, long header, long data) throws ErrnoException {
    int elements = elements(task, header);
    if (data == 0) {
      return 0; // a program asks for the version that way
    }
    if (elements == 0) {
      return -Errno.EINVAL;
    }
    int pid = task.memory().getInt(header + 4);
    if (pid < 0) {
      return -Errno.EINVAL;
    }
    Task target = pid == 0 ? task : task.kernel().tasks().find(pid);
    if (target == null) {
      return -Errno.ESRCH;
    }
    Credentials theirs = target.credentials();
    for (int i = 0; i < elements; i++) {
      long element = data + (long) i * ELEMENT;
      task.memory().putInt(element, (int) (theirs.effective() >>> (32 * i)));
      task.memory().putInt(element + 4, (int) (theirs.permitted() >>> (32 * i)));
      task.memory().putInt(element + 8, (int) (theirs.inheritable() >>> (32 * i)));
    }
    return 0;
  }

  private static long capset(Task task, long header, long data) throws ErrnoException {
    int elements = elements(task, header);
    if (elements == 0) {
      return -Errno.EINVAL;
    }
    int pid = task.memory().getInt(header + 4);
    if (pid != 0 && pid != task.tid()) {
      return -Errno.EPERM;
    }
    long effective = 0;
    long permitted = 0;
    long inheritable = 0;
    for (int i = 0; i < elements; i++) {
      long element = data + (long) i * ELEMENT;
      effective |= word(task, element) << (32 * i);
      permitted |= word(task, element + 4) << (32 * i);
      inheritable |= word(task, element + 8) << (32 * i);
    }
    return set(
        task, effective & Capability.ALL, permitted & Capability.ALL, inheritable & Capability.ALL);
  }

  private static long word(Task task, long address) throws ErrnoException {
    return task.memory().getInt(address) & 0xffffffffL;
  }

  private static long set(Task task, long effective, long permitted, long inheritable) {
    Credentials old = task.credentials();
    boolean inheritsMore = (inheritable & ~(old.inheritable() | old.permitted())) != 0;
    if ((inheritsMore && !old.has(Capability.SETPCAP))
        || (inheritable & ~(old.inheritable() | old.bounding())) != 0
        || (permitted & ~old.permitted()) != 0
        || (effective & ~permitted) != 0) {
      return -Errno.EPERM;
    }
    long ambient = old.ambient() & permitted & inheritable;
    Identity.replace(
        task, old.withCapabilities(permitted, effective, inheritable, old.bounding(), ambient));
    return 0;
  }
}
