package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.FileBacking;
import dev.bulwark.sentry.mm.MapFlags;
import dev.bulwark.sentry.mm.Pages;
import dev.bulwark.sentry.mm.Protection;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** shmget(2), shmat(2), shmdt(2), shmctl(2). */
final class SharedMemoryCalls {
  private static final int SHM_RDONLY = 010000;
  private static final int SHM_RND = 020000;
  private static final int SHM_REMAP = 040000;
  private static final int SHM_EXEC = 0100000;
  private static final int SHM_HUGETLB = 04000;

  private static final int IPC_RMID = 0;
  private static final int IPC_SET = 1;
  private static final int IPC_STAT = 2;
  private static final int IPC_INFO = 3;
  private static final int SHM_LOCK = 11;
  private static final int SHM_UNLOCK = 12;
  private static final int SHM_STAT = 13;
  private static final int SHM_INFO = 14;
  private static final int SHM_STAT_ANY = 15;

  /** Sizes of {@code struct shminfo64} and {@code struct shm_info}. */
  private static final int LIMITS_SIZE = 72;

  private static final int SUMS_SIZE = 48;

  private SharedMemoryCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SHMGET,
        Support.PARTIAL,
        "no huge pages: SHM_HUGETLB is ENOMEM",
        (t, key, size, flags, _, _, _) -> get(t, (int) key, size, (int) flags));
    table.row(
        Sys.SHMAT,
        Support.FULL,
        "",
        (t, id, address, flags, _, _, _) -> attach(t, (int) id, address, (int) flags));
    table.row(Sys.SHMDT, Support.FULL, "", (t, address, _, _, _, _, _) -> detach(t, address));
    table.row(
        Sys.SHMCTL,
        Support.PARTIAL,
        "SHM_LOCK is noted only; the host may still page the segment out",
        (t, id, command, buffer, _, _, _) -> control(t, (int) id, (int) command, buffer));
  }

  private static SharedMemorySystem system(Task task) {
    return task.kernel().ipc().sharedMemory();
  }

  private static long get(Task task, int key, long size, int flags) throws ErrnoException {
    if ((flags & SHM_HUGETLB) != 0) {
      return -Errno.ENOMEM;
    }
    return system(task)
        .get(key, size, flags, task.credentials(), task.kernel().account(), task.process().pid());
  }

  private static long attach(Task task, int id, long address, int flags) throws ErrnoException {
    if (id < 0) {
      return -Errno.EINVAL;
    }
    long at = address;
    int mapFlags = MapFlags.SHARED;
    if (address != 0) {
      if (!Pages.aligned(address)) {
        at = Pages.down(address);
        if ((flags & SHM_RND) == 0 || (at == 0 && (flags & SHM_REMAP) != 0)) {
          return -Errno.EINVAL;
        }
      }
      mapFlags |= (flags & SHM_REMAP) != 0 ? MapFlags.FIXED : MapFlags.FIXED_NOREPLACE;
    } else if ((flags & SHM_REMAP) != 0) {
      return -Errno.EINVAL;
    }
    boolean write = (flags & SHM_RDONLY) == 0;
    int wanted = write ? IpcObject.READ | IpcObject.WRITE : IpcObject.READ;
    int protection = write ? Protection.READ | Protection.WRITE : Protection.READ;
    if ((flags & SHM_EXEC) != 0) {
      protection |= Protection.EXEC;
      wanted |= 0111;
    }
    Attachment attachment = system(task).attach(id, wanted, task.credentials());
    long end = at + attachment.segment().bytes();
    if (at != 0 && (flags & SHM_REMAP) == 0 && Long.compareUnsigned(end, at) < 0) {
      attachment.made();
      return -Errno.EINVAL;
    }
    try {
      return task.memoryMap()
          .mmap(
              task.context(),
              at,
              attachment.segment().bytes(),
              protection,
              mapFlags,
              new FileBacking(attachment, true, write, true),
              0);
    } catch (ErrnoException e) {
      return e.errno() == Errno.EEXIST ? -Errno.EINVAL : -e.errno();
    } finally {
      attachment.made();
    }
  }

  private static long detach(Task task, long address) throws ErrnoException {
    if (!Pages.aligned(address)
        || !task.memoryMap()
            .detach(task.context(), address, object -> object instanceof Attachment)) {
      return -Errno.EINVAL;
    }
    return 0;
  }

  private static long control(Task task, int id, int command, long buffer) throws ErrnoException {
    SharedMemorySystem system = system(task);
    if (command < 0 || id < 0) {
      return -Errno.EINVAL;
    }
    switch (command) {
      case IPC_RMID -> system.remove(id, task.credentials());
      case IPC_SET -> {
        byte[] given = task.memory().readBytes(buffer, Segment.SIZE);
        IpcChange change = IpcChange.of(ByteBuffer.wrap(given).order(ByteOrder.LITTLE_ENDIAN));
        system.set(id, change, task.credentials());
      }
      case IPC_STAT, SHM_STAT, SHM_STAT_ANY -> {
        ByteBuffer to = IpcCalls.buffer(Segment.SIZE);
        boolean index = command != IPC_STAT;
        int found = system.stat(id, index, command == SHM_STAT_ANY, task.credentials(), to);
        IpcCalls.store(task, buffer, to);
        return index ? found : 0;
      }
      case IPC_INFO -> {
        ByteBuffer to = IpcCalls.buffer(LIMITS_SIZE);
        to.putLong(0, SharedMemorySystem.MAX_BYTES).putLong(8, 1);
        to.putLong(16, SharedMemorySystem.MAX_SEGMENTS)
            .putLong(24, SharedMemorySystem.MAX_SEGMENTS);
        to.putLong(32, SharedMemorySystem.MAX_BYTES);
        IpcCalls.store(task, buffer, to);
        return system.sums().highest();
      }
      case SHM_INFO -> {
        SharedMemorySystem.Sums sums = system.sums();
        ByteBuffer to = IpcCalls.buffer(SUMS_SIZE);
        to.putInt(0, sums.segments()).putLong(8, sums.pages()).putLong(16, sums.residentPages());
        IpcCalls.store(task, buffer, to);
        return sums.highest();
      }
      case SHM_LOCK, SHM_UNLOCK ->
          system.lock(
              id,
              command == SHM_LOCK,
              task.credentials(),
              task.process().limits().soft(Limits.MEMLOCK) != 0);
      default -> {
        return -Errno.EINVAL;
      }
    }
    return 0;
  }
}
