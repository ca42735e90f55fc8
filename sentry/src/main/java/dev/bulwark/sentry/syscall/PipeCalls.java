package dev.bulwark.sentry.syscall;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.pipe.PipeEnd;
import dev.bulwark.sentry.fs.pipe.PipeSystem;
import dev.bulwark.sentry.fs.pipe.Splice;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;

/** Pipes, and moving data through them: pipe(2), splice(2), tee(2), vmsplice(2). */
final class PipeCalls {
  private static final int SPLICE_F_NONBLOCK = 2;

  /** SPLICE_F_MOVE, NONBLOCK, MORE and GIFT; only NONBLOCK changes what a caller can see. */
  private static final int SPLICE_F_ALL = 15;

  private PipeCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(Sys.PIPE, Support.FULL, "", (t, fds, _, _, _, _, _) -> pipe(t, fds, 0));
    table.row(Sys.PIPE2, Support.FULL, "", (t, fds, f, _, _, _, _) -> pipe(t, fds, (int) f));
    table.row(
        Sys.SPLICE,
        Support.FULL,
        "",
        (t, in, offIn, out, offOut, len, flags) ->
            splice(t, (int) in, offIn, (int) out, offOut, len, (int) flags));
    table.row(
        Sys.TEE,
        Support.FULL,
        "",
        (t, in, out, len, flags, _, _) -> tee(t, (int) in, (int) out, len, (int) flags));
    table.row(
        Sys.VMSPLICE,
        Support.FULL,
        "pages are copied, not given",
        (t, fd, vector, count, flags, _, _) -> vmsplice(t, (int) fd, vector, count, (int) flags));
  }

  private static long pipe(Task task, long fds, int flags) throws ErrnoException {
    int settable = OpenFlags.DIRECT | OpenFlags.NONBLOCK;
    if ((flags & ~(settable | OpenFlags.CLOEXEC)) != 0) {
      return -Errno.EINVAL;
    }
    boolean cloexec = (flags & OpenFlags.CLOEXEC) != 0;
    PipeSystem.Ends ends = task.kernel().pipes().open(task, flags & settable);
    return installPair(task, ends.reader(), ends.writer(), cloexec, fds);
  }

  /**
   * Gives two files descriptors and tells the application; on failure neither file nor descriptor
   * is left.
   */
  static long installPair(
      Task task, FileDescription first, FileDescription second, boolean cloexec, long address)
      throws ErrnoException {
    FdTable files = task.files();
    long limit = task.process().limits().descriptors();
    int a = -1;
    int b = -1;
    try {
      a = files.install(first, 0, cloexec, limit);
      b = files.install(second, 0, cloexec, limit);
      task.memory().putLong(address, (a & 0xffffffffL) | (long) b << 32);
      return 0;
    } catch (ErrnoException e) {
      (a >= 0 ? files.remove(a) : first).close();
      (b >= 0 ? files.remove(b) : second).close();
      throw e;
    }
  }

  private static long splice(
      Task task, int in, long offsetIn, int out, long offsetOut, long length, int flags)
      throws ErrnoException {
    if (length == 0) {
      return 0;
    }
    if ((flags & ~SPLICE_F_ALL) != 0) {
      return -Errno.EINVAL;
    }
    boolean nonBlocking = (flags & SPLICE_F_NONBLOCK) != 0;
    try (FileDescription from = task.files().acquireOpen(in);
        FileDescription to = task.files().acquireOpen(out)) {
      if ((from instanceof PipeEnd && offsetIn != 0) || (to instanceof PipeEnd && offsetOut != 0)) {
        return -Errno.ESPIPE;
      }
      long outAt = offsetOut == 0 ? 0 : task.memory().getLong(offsetOut);
      long inAt = offsetIn == 0 ? 0 : task.memory().getLong(offsetIn);
      if (!from.readable() || !to.writable()) {
        return -Errno.EBADF;
      }
      if (length < 0) {
        return -Errno.EINVAL;
      }
      long most = Math.min(length, UserBuffer.MAX_BYTES);
      if (from instanceof PipeEnd source) {
        boolean now = nonBlocking || source.nonBlocking();
        if (to instanceof PipeEnd target) {
          return source.pipe().equals(target.pipe())
              ? -Errno.EINVAL
              : Splice.toPipe(task, source, target, most, false, now || target.nonBlocking());
        }
        return fromPipe(task, source, to, offsetOut, outAt, most, now);
      }
      if (to instanceof PipeEnd target) {
        boolean now = nonBlocking || target.nonBlocking();
        return intoPipe(task, from, offsetIn, inAt, target, most, now);
      }
      return -Errno.EINVAL;
    }
  }

  private static long fromPipe(
      Task task,
      PipeEnd from,
      FileDescription to,
      long offset,
      long at,
      long length,
      boolean nonBlocking)
      throws ErrnoException {
    if (offset != 0 && (to.waitQueue() != null || at < 0)) {
      return -Errno.EINVAL;
    }
    if ((to.flags() & OpenFlags.APPEND) != 0) {
      return -Errno.EINVAL;
    }
    long where = offset == 0 ? FileDescription.AT_POSITION : at;
    long n = Splice.toFile(task, from, to, where, length, nonBlocking);
    if (offset != 0 && n > 0) {
      task.memory().putLong(offset, at + n);
    }
    return n;
  }

  private static long intoPipe(
      Task task,
      FileDescription from,
      long offset,
      long at,
      PipeEnd to,
      long length,
      boolean nonBlocking)
      throws ErrnoException {
    if (offset != 0 && (from.waitQueue() != null || at < 0)) {
      return -Errno.EINVAL;
    }
    long where = offset == 0 ? FileDescription.AT_POSITION : at;
    long n = Splice.fromFile(task, from, where, to, length, nonBlocking);
    if (n == -Errno.EISDIR) { // a directory has nothing to splice, rather than to read
      return -Errno.EINVAL;
    }
    if (offset != 0 && n > 0) {
      task.memory().putLong(offset, at + n);
    }
    return n;
  }

  private static long tee(Task task, int in, int out, long length, int flags)
      throws ErrnoException {
    if ((flags & ~SPLICE_F_ALL) != 0) {
      return -Errno.EINVAL;
    }
    if (length == 0) {
      return 0;
    }
    try (FileDescription from = task.files().acquireOpen(in);
        FileDescription to = task.files().acquireOpen(out)) {
      if (!from.readable() || !to.writable()) {
        return -Errno.EBADF;
      }
      if (!(from instanceof PipeEnd source)
          || !(to instanceof PipeEnd target)
          || source.pipe().equals(target.pipe())) {
        return -Errno.EINVAL;
      }
      boolean now =
          (flags & SPLICE_F_NONBLOCK) != 0 || source.nonBlocking() || target.nonBlocking();
      long most = length < 0 ? UserBuffer.MAX_BYTES : length;
      return Splice.toPipe(task, source, target, most, true, now);
    }
  }

  private static long vmsplice(Task task, int fd, long vector, long count, int flags)
      throws ErrnoException {
    if ((flags & ~SPLICE_F_ALL) != 0) {
      return -Errno.EINVAL;
    }
    boolean nonBlocking = (flags & SPLICE_F_NONBLOCK) != 0;
    try (FileDescription file = task.files().acquireOpen(fd)) {
      UserBuffer buffer = UserBuffer.ofVector(task.memory(), vector, count);
      if (buffer.remaining() == 0) {
        return 0;
      }
      if (!(file instanceof PipeEnd end)) {
        return -Errno.EBADF;
      }
      if (!end.writable()) {
        return Splice.toUser(task, end, buffer, nonBlocking);
      }
      return Splice.fromUser(task, buffer, end, nonBlocking);
    }
  }
}
