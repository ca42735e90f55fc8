package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FileLock;
import dev.bulwark.sentry.vfs.FileLocks;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.wait.PollEvents;
import org.jspecify.annotations.Nullable;

/** flock(2), and the locks of fcntl(2): those of processes and those of descriptions. */
final class LockCalls {
  private static final int F_GETLK = 5;
  private static final int F_SETLK = 6;
  private static final int F_SETLKW = 7;
  private static final int F_OFD_GETLK = 36;
  private static final int F_OFD_SETLK = 37;
  private static final int F_OFD_SETLKW = 38;
  private static final int F_RDLCK = 0;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;
  private static final int LOCK_SH = 1;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;
  private static final int LOCK_UN = 8;

  private LockCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.FLOCK,
        Support.FULL,
        "",
        (t, fd, operation, _, _, _, _) -> flock(t, (int) fd, (int) operation));
  }

  private static long flock(Task task, int fd, int operation) throws ErrnoException {
    int kind = operation & ~LOCK_NB;
    if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN) {
      return -Errno.EINVAL;
    }
    try (FileDescription file = task.files().acquireOpen(fd)) {
      FileLocks locks = file.locks();
      if (kind == LOCK_UN) {
        locks.unlockWhole(file);
        return 0;
      }
      Blocking.Attempt attempt = () -> locks.lockWhole(file, kind == LOCK_EX) ? 0 : -Errno.EAGAIN;
      if ((operation & LOCK_NB) != 0) {
        return attempt.run();
      }
      return Blocking.until(task, locks.queue(), PollEvents.ALWAYS_READY, Task.NEVER, attempt);
    }
  }

  static boolean isCommand(int command) {
    return switch (command) {
      case F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW -> true;
      default -> false;
    };
  }

  /** The locking commands of fcntl(2). */
  static long fcntl(Task task, int fd, FileDescription file, int command, long address)
      throws ErrnoException {
    UserMemory memory = task.memory();
    int type = memory.getShort(address);
    int whence = memory.getShort(address + 2);
    long start = memory.getLong(address + 8);
    long length = memory.getLong(address + 16);
    int pid = memory.getInt(address + 24);
    boolean ofDescription = command >= F_OFD_GETLK;
    if (ofDescription && pid != 0) {
      return -Errno.EINVAL;
    }
    boolean get = command == F_GETLK || command == F_OFD_GETLK;
    if (type != F_RDLCK && type != F_WRLCK && (type != F_UNLCK || get)) {
      return -Errno.EINVAL;
    }
    FileLock wanted =
        range(
            file,
            ofDescription ? file : task.files(),
            type == F_WRLCK,
            whence,
            start,
            length,
            ofDescription ? -1 : task.process().pid());
    FileLocks locks = file.locks();
    if (get) {
      return tell(memory, address, locks.conflict(wanted));
    }
    if (type == F_UNLCK) {
      locks.unlock(wanted);
      return 0;
    }
    if (type == F_RDLCK ? !file.readable() : !file.writable()) {
      return -Errno.EBADF;
    }
    boolean wait = command == F_SETLKW || command == F_OFD_SETLKW;
    if (!wait) {
      return locks.lock(wanted) == null ? stillOpen(task, fd, file, locks, wanted) : -Errno.EAGAIN;
    }
    long result = await(task, locks, wanted, ofDescription);
    return result < 0 ? result : stillOpen(task, fd, file, locks, wanted);
  }

  /**
   * Another task may have closed the descriptor meanwhile; then nobody would give the lock back.
   */
  private static long stillOpen(
      Task task, int fd, FileDescription file, FileLocks locks, FileLock taken) {
    try (FileDescription now = task.files().acquire(fd)) {
      if (now.equals(file)) {
        return 0;
      }
    } catch (ErrnoException e) {
      // closed: handled as a descriptor that has become another file's
    }
    if (taken.owner().equals(task.files())) {
      locks.unlock(taken);
      return -Errno.EBADF;
    }
    return 0;
  }

  private static long await(Task task, FileLocks locks, FileLock wanted, boolean ofDescription)
      throws ErrnoException {
    try {
      return Blocking.until(
          task,
          locks.queue(),
          PollEvents.ALWAYS_READY,
          Task.NEVER,
          () -> {
            FileLock other = locks.lock(wanted);
            if (other == null) {
              return 0;
            }
            boolean mayWait =
                ofDescription || task.kernel().lockWaits().begin(wanted.owner(), other.owner());
            return mayWait ? -Errno.EAGAIN : -Errno.EDEADLK;
          });
    } finally {
      task.kernel().lockWaits().end(wanted.owner());
    }
  }

  private static FileLock range(
      FileDescription file,
      Object owner,
      boolean exclusive,
      int whence,
      long start,
      long length,
      int pid)
      throws ErrnoException {
    long base =
        switch (whence) {
          case InodeFile.SEEK_SET -> 0;
          case InodeFile.SEEK_CUR -> file.position();
          case InodeFile.SEEK_END -> file.attributes().size();
          default -> throw ErrnoException.of(Errno.EINVAL);
        };
    try {
      long first = Math.addExact(base, start);
      long last = Long.MAX_VALUE;
      if (length > 0) {
        last = Math.addExact(first, length - 1);
      } else if (length < 0) {
        last = first - 1;
        first = Math.addExact(first, length);
      }
      if (first < 0) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      return new FileLock(owner, exclusive, first, last, pid);
    } catch (ArithmeticException e) {
      throw ErrnoException.of(Errno.EOVERFLOW);
    }
  }

  private static long tell(UserMemory memory, long address, @Nullable FileLock other)
      throws ErrnoException {
    if (other == null) {
      memory.putShort(address, F_UNLCK);
      return 0;
    }
    memory.putShort(address, other.exclusive() ? F_WRLCK : F_RDLCK);
    memory.putShort(address + 2, InodeFile.SEEK_SET);
    memory.putLong(address + 8, other.start());
    boolean toTheEnd = other.end() == Long.MAX_VALUE;
    memory.putLong(address + 16, toTheEnd ? 0 : other.end() - other.start() + 1);
    memory.putInt(address + 24, other.pid());
    return 0;
  }
}
