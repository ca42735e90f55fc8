package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.kernel.ProcessAttributes;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.FileBacking;
import dev.bulwark.sentry.mm.MapFlags;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.mm.Pages;
import dev.bulwark.sentry.mm.Protection;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.MountFlags;

/**
 * Mapping memory, and what one can say about it: mmap(2), mprotect(2), madvise(2) and their kin.
 */
final class MemoryCalls {
  private static final int MS_ASYNC = 1;
  private static final int MS_INVALIDATE = 2;
  private static final int MS_SYNC = 4;
  private static final int MLOCK_ONFAULT = 1;
  private static final int MEMBARRIER_CMD_QUERY = 0;
  private static final int MEMBARRIER_CMD_GLOBAL = 1;
  private static final int MEMBARRIER_CMD_GLOBAL_EXPEDITED = 2;
  private static final int MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED = 4;
  private static final int MEMBARRIER_CMD_PRIVATE_EXPEDITED = 8;
  private static final int MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED = 0x10;
  private static final int MEMBARRIER_CMD_GET_REGISTRATIONS = 0x200;
  private static final int MEMBARRIER_KNOWN = 0x21f;
  private static final int PKEY_ACCESS_MASK = 3;

  /** mincore(2) answers so many pages at a time, as in Linux. */
  private static final int MINCORE_PAGES = 4096;

  private MemoryCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.MMAP,
        Support.PARTIAL,
        "no huge pages: MAP_HUGETLB is ENOMEM; at most 32 TiB of private memory",
        (t, addr, len, prot, flags, fd, off) ->
            mmap(t, addr, len, (int) prot, (int) flags, (int) fd, off));
    table.row(Sys.MUNMAP, Support.FULL, "", (t, addr, len, _, _, _, _) -> munmap(t, addr, len));
    table.row(
        Sys.MPROTECT,
        Support.FULL,
        "",
        (t, addr, len, prot, _, _, _) -> mprotect(t, addr, len, (int) prot));
    table.row(
        Sys.MREMAP,
        Support.FULL,
        "",
        (t, addr, oldLen, newLen, flags, to, _) ->
            map(t).mremap(t.context(), addr, oldLen, newLen, (int) flags, to));
    table.row(Sys.BRK, Support.FULL, "", (t, end, _, _, _, _, _) -> map(t).brk(t.context(), end));
    table.row(
        Sys.REMAP_FILE_PAGES,
        Support.FULL,
        "emulated with mmap, as in Linux since 4.0",
        (t, addr, size, prot, page, flags, _) ->
            remapFilePages(t, addr, size, (int) prot, page, (int) flags));
    table.row(
        Sys.MSEAL, Support.FULL, "", (t, addr, len, flags, _, _, _) -> mseal(t, addr, len, flags));
    adviceRows(table);
    lockRows(table);
    keyRows(table);
  }

  private static void adviceRows(SyscallTable.Builder table) {
    table.row(
        Sys.MADVISE,
        Support.PARTIAL,
        "advice on huge pages, merging and reading ahead has no effect; MADV_COLLAPSE is EINVAL",
        (t, addr, len, advice, _, _, _) -> madvise(t, addr, len, (int) advice));
    table.row(
        Sys.MINCORE,
        Support.PARTIAL,
        "pages of files on a disk always count as present",
        (t, addr, len, vec, _, _, _) -> mincore(t, addr, len, vec));
    table.row(
        Sys.MSYNC,
        Support.FULL,
        "",
        (t, addr, len, flags, _, _, _) -> msync(t, addr, len, (int) flags));
    table.row(
        Sys.MEMBARRIER,
        Support.PARTIAL,
        "every command is a barrier on all processors; those of SYNC_CORE and RSEQ are EINVAL",
        (t, cmd, flags, _, _, _, _) -> membarrier(t, (int) cmd, (int) flags));
  }

  private static void lockRows(SyscallTable.Builder table) {
    String note = "locked memory is counted and made present; the host may still page it out";
    table.row(
        Sys.MLOCK, Support.PARTIAL, note, (t, addr, len, _, _, _, _) -> mlock(t, addr, len, 0));
    table.row(
        Sys.MLOCK2,
        Support.PARTIAL,
        note,
        (t, addr, len, flags, _, _, _) -> mlock(t, addr, len, (int) flags));
    table.row(Sys.MUNLOCK, Support.FULL, "", (t, addr, len, _, _, _, _) -> munlock(t, addr, len));
    table.row(
        Sys.MLOCKALL, Support.PARTIAL, note, (t, flags, _, _, _, _, _) -> mlockall(t, (int) flags));
    table.row(Sys.MUNLOCKALL, Support.FULL, "", (t, _, _, _, _, _, _) -> munlockall(t));
  }

  private static void keyRows(SyscallTable.Builder table) {
    String note = "as on a processor without protection keys";
    table.row(
        Sys.PKEY_MPROTECT,
        Support.FULL,
        note,
        (t, addr, len, prot, key, _, _) ->
            (int) key == -1 ? mprotect(t, addr, len, (int) prot) : -Errno.EINVAL);
    table.row(
        Sys.PKEY_ALLOC,
        Support.FULL,
        note,
        (_, flags, rights, _, _, _, _) ->
            flags != 0 || (rights & ~PKEY_ACCESS_MASK) != 0 ? -Errno.EINVAL : -Errno.ENOSPC);
    table.row(Sys.PKEY_FREE, Support.FULL, note, (_, _, _, _, _, _, _) -> -Errno.EINVAL);
  }

  private static MemoryMap map(Task task) {
    return task.memoryMap();
  }

  private static long mmap(
      Task task, long address, long length, int protection, int flags, int fd, long offset)
      throws ErrnoException {
    if (!Pages.aligned(offset)) {
      return -Errno.EINVAL;
    }
    if ((flags & MapFlags.ANONYMOUS) != 0) {
      requireLockable(task, length, flags);
      return map(task).mmap(task.context(), address, length, protection, flags, null, 0);
    }
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (length == 0) {
        return -Errno.EINVAL;
      }
      requireLockable(task, length, flags);
      requireMode(file, protection, flags);
      Mappable contents = file.mappable();
      boolean executable = !file.location().mount().has(MountFlags.NOEXEC);
      FileBacking backing = new FileBacking(contents, file.readable(), file.writable(), executable);
      return map(task).mmap(task.context(), address, length, protection, flags, backing, offset);
    }
  }

  private static void requireLockable(Task task, long length, int flags) throws ErrnoException {
    if ((flags & MapFlags.LOCKED) != 0) {
      map(task).requireLockable(Pages.up(length), mayLock(task));
    }
  }

  /** What Linux checks before it asks the file whether it can be mapped at all. */
  private static void requireMode(FileDescription file, int protection, int flags)
      throws ErrnoException {
    int type = flags & MapFlags.TYPE;
    if (type == 0 || type > MapFlags.SHARED_VALIDATE) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    boolean stores = type != MapFlags.PRIVATE && (protection & Protection.WRITE) != 0;
    if (!file.readable() || (stores && !file.writable())) {
      throw ErrnoException.of(Errno.EACCES);
    }
  }

  private static boolean mayLock(Task task) {
    return task.credentials().has(Capability.IPC_LOCK);
  }

  private static long munmap(Task task, long address, long length) throws ErrnoException {
    map(task).munmap(task.context(), address, length);
    return 0;
  }

  private static long mprotect(Task task, long address, long length, int protection)
      throws ErrnoException {
    map(task).mprotect(task.context(), address, length, protection);
    return 0;
  }

  private static long remapFilePages(
      Task task, long address, long size, int protection, long page, int flags)
      throws ErrnoException {
    if (protection != 0) {
      return -Errno.EINVAL;
    }
    map(task).remapFilePages(task.context(), address, size, page, flags);
    return 0;
  }

  private static long mseal(Task task, long address, long length, long flags)
      throws ErrnoException {
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    map(task).mseal(address, length);
    return 0;
  }

  private static long madvise(Task task, long address, long length, int advice)
      throws ErrnoException {
    map(task).madvise(task.context(), address, length, advice);
    return 0;
  }

  private static long mincore(Task task, long address, long length, long vector)
      throws ErrnoException {
    MemoryMap map = map(task);
    if (!Pages.aligned(address)) {
      return -Errno.EINVAL;
    }
    if (address < 0 || length < 0 || length > map.limit() || address > map.limit() - length) {
      return -Errno.ENOMEM;
    }
    long pages = Pages.up(length) / Pages.SIZE;
    if (vector < 0 || vector > map.limit() - pages) {
      return -Errno.EFAULT;
    }
    for (long done = 0; done < pages; ) {
      int n = (int) Math.min(MINCORE_PAGES, pages - done);
      map.write(vector + done, map.mincore(address + done * Pages.SIZE, n));
      done += n;
    }
    return 0;
  }

  private static long msync(Task task, long address, long length, int flags) throws ErrnoException {
    if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0
        || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC)
        || !Pages.aligned(address)) {
      return -Errno.EINVAL;
    }
    long end = address + Pages.up(length);
    if (Long.compareUnsigned(end, address) < 0) {
      return -Errno.ENOMEM;
    }
    if (end != address) {
      map(task).msync(address, length, (flags & MS_SYNC) != 0, (flags & MS_INVALIDATE) != 0);
    }
    return 0;
  }

  private static long membarrier(Task task, int command, int flags) {
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    ProcessAttributes attributes = task.process().attributes();
    return switch (command) {
      case MEMBARRIER_CMD_QUERY -> MEMBARRIER_KNOWN;
      case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED -> {
        attributes.addBarrier(command);
        yield 0;
      }
      case MEMBARRIER_CMD_GET_REGISTRATIONS -> attributes.barriers();
      case MEMBARRIER_CMD_PRIVATE_EXPEDITED ->
          (attributes.barriers() & MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0
              ? -Errno.EPERM
              : membarrier(task, MEMBARRIER_CMD_GLOBAL, 0);
      case MEMBARRIER_CMD_GLOBAL_EXPEDITED -> membarrier(task, MEMBARRIER_CMD_GLOBAL, 0);
      // The host's barrier covers all running threads, those of stubs among them.
      case MEMBARRIER_CMD_GLOBAL -> HostCall.call(Sys.MEMBARRIER, MEMBARRIER_CMD_GLOBAL, 0, 0);
      default -> -Errno.EINVAL;
    };
  }

  private static long mlock(Task task, long address, long length, int flags) throws ErrnoException {
    if ((flags & ~MLOCK_ONFAULT) != 0) {
      return -Errno.EINVAL;
    }
    map(task).mlock(address, length, mayLock(task), flags != 0);
    return 0;
  }

  private static long munlock(Task task, long address, long length) throws ErrnoException {
    map(task).munlock(address, length);
    return 0;
  }

  private static long mlockall(Task task, int flags) throws ErrnoException {
    map(task).mlockall(flags, mayLock(task));
    return 0;
  }

  private static long munlockall(Task task) {
    map(task).munlockall();
    return 0;
  }
}
