package dev.bulwark.sentry.syscall.file;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.PathWalk;

/** Paths relative to a directory's descriptor, and the {@code AT_} flags that go with them. */
public final class At {
  /** Stands for the working directory. */
  public static final int FDCWD = -100;

  /** Do not follow a link at the end. */
  public static final int SYMLINK_NOFOLLOW = 0x100;

  /** Remove a directory; the same bit as {@link #EACCESS}. */
  static final int REMOVEDIR = 0x200;

  /** Check with effective identities. */
  static final int EACCESS = 0x200;

  /** Follow a link at the end where the default is not to. */
  static final int SYMLINK_FOLLOW = 0x400;

  /** Without effect here. */
  static final int NO_AUTOMOUNT = 0x800;

  /** The empty path means the descriptor itself. */
  public static final int EMPTY_PATH = 0x1000;

  private At() {}

  /**
   * A walk that begins where a path wants it to. A descriptor counts only for relative paths.
   *
   * @throws ErrnoException EBADF
   */
  public static PathWalk walk(Task task, int directory, String path) throws ErrnoException {
    return walk(task, directory, path, task.credentials(), 0);
  }

  static PathWalk walk(Task task, int directory, String path, Credentials credentials, int resolve)
      throws ErrnoException {
    FsContext fs = task.fs();
    boolean scoped = resolve != 0; // with RESOLVE_IN_ROOT even an absolute path begins there
    if (directory == FDCWD || (!scoped && path.startsWith("/"))) {
      return fs.walk(fs.cwd(), credentials, resolve);
    }
    return fs.walk(place(task, directory), credentials, resolve);
  }

  /**
   * Where a descriptor's file is.
   *
   * @throws ErrnoException EBADF
   */
  static Location place(Task task, int fd) throws ErrnoException {
    if (fd == FDCWD) {
      return task.fs().cwd();
    }
    try (FileDescription file = task.files().acquire(fd)) {
      return file.location();
    }
  }

  /**
   * Finds what a path argument names.
   *
   * @param flags {@link #SYMLINK_NOFOLLOW} and {@link #EMPTY_PATH} count
   */
  public static Location find(Task task, int directory, long path, int flags)
      throws ErrnoException {
    return find(task, directory, task.memory().readPath(path), flags, task.credentials());
  }

  static Location find(Task task, int directory, String path, int flags, Credentials credentials)
      throws ErrnoException {
    if (path.isEmpty() && (flags & EMPTY_PATH) != 0) {
      return place(task, directory);
    }
    return walk(task, directory, path, credentials, 0).find(path, (flags & SYMLINK_NOFOLLOW) == 0);
  }

  /**
   * Refuses flags that a call does not know.
   *
   * @throws ErrnoException EINVAL
   */
  static void known(int flags, int known) throws ErrnoException {
    if ((flags & ~known) != 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }
}
