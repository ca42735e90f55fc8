package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.OpenFlags;

/** RLIMIT_FSIZE: how long a process may make a file. */
final class SizeLimit {
  private static final int SIGXFSZ = 25;

  private SizeLimit() {}

  /**
   * A buffer cut so that writing it does not exceed the limit.
   *
   * @throws ErrnoException EFBIG, with SIGXFSZ sent, when nothing may be written
   */
  static IoBuffer cut(Task task, FileDescription file, IoBuffer from, long offset)
      throws ErrnoException {
    long limit = task.process().limits().soft(Limits.FSIZE);
    if (limit == Limits.INFINITY
        || !(file instanceof InodeFile regular)
        || !regular.inode().isRegular()) {
      return from;
    }
    long at = offset;
    if ((file.flags() & OpenFlags.APPEND) != 0) {
      at = regular.inode().size();
    } else if (offset == FileDescription.AT_POSITION) {
      at = file.position();
    }
    if (from.remaining() == 0) {
      return from;
    }
    if (Long.compareUnsigned(at, limit) >= 0) {
      throw exceeded(task);
    }
    return from.limited(limit - at);
  }

  /**
   * Refuses a length beyond the limit.
   *
   * @throws ErrnoException EFBIG, with SIGXFSZ sent
   */
  static void check(Task task, long length) throws ErrnoException {
    if (task.process().limits().exceeded(Limits.FSIZE, length)) {
      throw exceeded(task);
    }
  }

  private static ErrnoException exceeded(Task task) {
    task.kernel().signals().send(task, SIGXFSZ);
    return ErrnoException.of(Errno.EFBIG);
  }
}
