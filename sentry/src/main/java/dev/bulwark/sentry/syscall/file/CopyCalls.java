package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.Bounce;
import dev.bulwark.sentry.io.Transfer;
import dev.bulwark.sentry.io.UserBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.syscall.Blocking;
import dev.bulwark.sentry.syscall.Support;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.OpenFlags;

/** sendfile(2), copy_file_range(2). */
final class CopyCalls {
  private static final int STEP = 64 << 10;

  private CopyCalls() {}

  static void rows(SyscallTable.Builder table) {
    table.row(
        Sys.SENDFILE,
        Support.FULL,
        "",
        (t, out, in, offset, count, _, _) -> sendfile(t, (int) out, (int) in, offset, count));
    table.row(
        Sys.COPY_FILE_RANGE,
        Support.FULL,
        "",
        (t, in, inOffset, out, outOffset, length, flags) ->
            copyFileRange(t, (int) in, inOffset, (int) out, outOffset, length, (int) flags));
  }

  private static long sendfile(Task task, int out, int in, long offset, long count)
      throws ErrnoException {
    long given = offset == 0 ? 0 : task.memory().getLong(offset);
    try (FileDescription from = task.files().acquireOpen(in)) {
      if (!from.readable()) {
        return -Errno.EBADF;
      }
      if (!(from instanceof InodeFile source)) {
        return offset != 0 && from.waitQueue() != null ? -Errno.ESPIPE : -Errno.EINVAL;
      }
      if (given < 0 || count < 0) {
        return -Errno.EINVAL;
      }
      try (FileDescription to = task.files().acquireOpen(out)) {
        if (!to.writable()) {
          return -Errno.EBADF;
        }
        if ((to.flags() & OpenFlags.APPEND) != 0 && to instanceof InodeFile) {
          return -Errno.EINVAL;
        }
        long start = offset == 0 ? source.position() : given;
        long n = send(task, source, start, to, Math.min(count, UserBuffer.MAX_BYTES));
        if (n > 0) {
          if (offset == 0) {
            source.seek(start + n, InodeFile.SEEK_SET);
          } else {
            task.memory().putLong(offset, start + n);
          }
        }
        return n;
      }
    }
  }

  private static long send(Task task, InodeFile from, long start, FileDescription to, long count)
      throws ErrnoException {
    long done = 0;
    try (Bounce bounce = new Bounce(STEP)) {
      while (done < count) {
        int part = (int) Math.min(STEP, count - done);
        long n = from.read(bounce.buffer(part), start + done);
        if (n <= 0) {
          return done > 0 ? done : n;
        }
        long written;
        try {
          written =
              Blocking.write(
                  task,
                  to,
                  SizeLimit.cut(task, to, bounce.buffer((int) n), FileDescription.AT_POSITION),
                  FileDescription.AT_POSITION);
        } catch (ErrnoException e) {
          written = -e.errno();
        }
        if (written < 0) {
          return done > 0 ? done : written;
        }
        done += written;
        if (written < n) {
          return done;
        }
      }
    }
    return done;
  }

  private static long copyFileRange(
      Task task, int in, long inOffset, int out, long outOffset, long length, int flags)
      throws ErrnoException {
    if (flags != 0) {
      return -Errno.EINVAL;
    }
    try (FileDescription from = task.files().acquireOpen(in);
        FileDescription to = task.files().acquireOpen(out)) {
      long start = inOffset == 0 ? from.position() : task.memory().getLong(inOffset);
      long end = outOffset == 0 ? to.position() : task.memory().getLong(outOffset);
      if (from.attributes().isDirectory() || to.attributes().isDirectory()) {
        return -Errno.EISDIR;
      }
      if (!(from instanceof InodeFile source)
          || !(to instanceof InodeFile target)
          || !source.inode().isRegular()
          || !target.inode().isRegular()) {
        return -Errno.EINVAL;
      }
      if (!from.readable() || !to.writable() || (to.flags() & OpenFlags.APPEND) != 0) {
        return -Errno.EBADF;
      }
      if (start < 0 || end < 0 || length < 0) {
        return -Errno.EINVAL;
      }
      if (start > Long.MAX_VALUE - length || end > Long.MAX_VALUE - length) {
        return -Errno.EOVERFLOW;
      }
      long n = copy(task, source, start, target, end, length);
      if (n <= 0) {
        return n;
      }
      moved(task, source, inOffset, start + n);
      moved(task, target, outOffset, end + n);
      return n;
    }
  }

  private static long copy(
      Task task, InodeFile from, long start, InodeFile to, long end, long length)
      throws ErrnoException {
    long rest = Math.max(0, from.inode().size() - start);
    long count = Math.min(Math.min(length, rest), UserBuffer.MAX_BYTES);
    if (from.inode().equals(to.inode()) && start < end + count && end < start + count) {
      return -Errno.EINVAL;
    }
    if (count == 0) {
      return 0;
    }
    SizeLimit.check(task, end + count);
    return Transfer.copy(from::read, start, to::write, end, count);
  }

  private static void moved(Task task, InodeFile file, long offset, long to) throws ErrnoException {
    if (offset == 0) {
      file.seek(to, InodeFile.SEEK_SET);
    } else {
      task.memory().putLong(offset, to);
    }
  }
}
