package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;

/** read(2), write(2), their vectored and positioned kin, and lseek(2). */
final class ReadWriteCalls {
  private static final int RWF_HIPRI = 1;
  private static final int RWF_DSYNC = 2;
  private static final int RWF_SYNC = 4;
  private static final int RWF_NOWAIT = 8;
  private static final int RWF_APPEND = 0x10;
  private static final int RWF_KNOWN = RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND;
  private static final long HERE = FileDescription.AT_POSITION;

  private ReadWriteCalls() {}

  /** Makes the buffer of a call, after the descriptor was checked. */
  @FunctionalInterface
  private interface Buffer {
    IoBuffer make() throws ErrnoException;
  }

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.READ,
        Support.FULL,
        "",
        (t, fd, buffer, count, _, _, _) -> read(t, (int) fd, range(t, buffer, count), HERE, 0));
    table.row(
        Sys.WRITE,
        Support.FULL,
        "",
        (t, fd, buffer, count, _, _, _) -> write(t, (int) fd, range(t, buffer, count), HERE, 0));
    table.row(
        Sys.PREAD64,
        Support.FULL,
        "",
        (t, fd, buffer, count, offset, _, _) ->
            offset < 0 ? -Errno.EINVAL : read(t, (int) fd, range(t, buffer, count), offset, 0));
    table.row(
        Sys.PWRITE64,
        Support.FULL,
        "",
        (t, fd, buffer, count, offset, _, _) ->
            offset < 0 ? -Errno.EINVAL : write(t, (int) fd, range(t, buffer, count), offset, 0));
    table.row(
        Sys.READV,
        Support.FULL,
        "",
        (t, fd, vector, count, _, _, _) -> read(t, (int) fd, vector(t, vector, count), HERE, 0));
    table.row(
        Sys.WRITEV,
        Support.FULL,
        "",
        (t, fd, vector, count, _, _, _) -> write(t, (int) fd, vector(t, vector, count), HERE, 0));
    table.row(
        Sys.PREADV,
        Support.FULL,
        "",
        (t, fd, vector, count, offset, _, _) ->
            offset < 0 ? -Errno.EINVAL : read(t, (int) fd, vector(t, vector, count), offset, 0));
    table.row(
        Sys.PWRITEV,
        Support.FULL,
        "",
        (t, fd, vector, count, offset, _, _) ->
            offset < 0 ? -Errno.EINVAL : write(t, (int) fd, vector(t, vector, count), offset, 0));
    table.row(
        Sys.PREADV2,
        Support.FULL,
        "",
        (t, fd, vector, count, offset, _, flags) ->
            offset < HERE
                ? -Errno.EINVAL
                : read(t, (int) fd, vector(t, vector, count), offset, (int) flags));
    table.row(
        Sys.PWRITEV2,
        Support.FULL,
        "",
        (t, fd, vector, count, offset, _, flags) ->
            offset < HERE
                ? -Errno.EINVAL
                : write(t, (int) fd, vector(t, vector, count), offset, (int) flags));
    table.row(
        Sys.LSEEK,
        Support.FULL,
        "",
        (t, fd, offset, whence, _, _, _) -> lseek(t, (int) fd, offset, (int) whence));
  }

  private static Buffer range(Task task, long address, long count) {
    return () -> {
      if (count < 0) {
        throw ErrnoException.of(Errno.EINVAL);
      }
      return UserBuffer.of(task.memory(), address, count);
    };
  }

  private static Buffer vector(Task task, long address, long count) {
    return () -> UserBuffer.ofVector(task.memory(), address, count);
  }

  private static long read(Task task, int fd, Buffer buffer, long offset, int flags)
      throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (!file.readable()) {
        return -Errno.EBADF;
      }
      if ((flags & ~RWF_KNOWN) != 0) {
        return -Errno.EOPNOTSUPP;
      }
      boolean nonBlocking = file.nonBlocking() || (flags & RWF_NOWAIT) != 0;
      return Blocking.read(task, file, buffer.make(), offset, nonBlocking);
    }
  }

  private static long write(Task task, int fd, Buffer buffer, long offset, int flags)
      throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      if (!file.writable()) {
        return -Errno.EBADF;
      }
      if ((flags & ~RWF_KNOWN) != 0) {
        return -Errno.EOPNOTSUPP;
      }
      if ((flags & RWF_APPEND) != 0
          && file instanceof InodeFile regular
          && regular.inode().isRegular()) {
        IoBuffer from = SizeLimit.cut(task, file, buffer.make(), regular.inode().size());
        return regular.append(from, offset);
      }
      IoBuffer from = SizeLimit.cut(task, file, buffer.make(), offset);
      boolean nonBlocking = file.nonBlocking() || (flags & RWF_NOWAIT) != 0;
      return Blocking.write(task, file, from, offset, nonBlocking);
    }
  }

  private static long lseek(Task task, int fd, long offset, int whence) throws ErrnoException {
    try (FileDescription file = task.files().acquireOpen(fd)) {
      return whence < 0 || whence > 4 ? -Errno.EINVAL : file.seek(offset, whence);
    }
  }
}
