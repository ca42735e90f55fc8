package dev.bulwark.sentry.boot;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.NewFile;

/** Finds where something is to be mounted; what is missing of the path is made. */
final class MountPoint {
  private static final Credentials KERNEL = Credentials.of(0, 0, new int[0], -1L);

  private final FsContext fs;

  MountPoint(FsContext fs) {
    this.fs = fs;
  }

  /**
   * The place of a path.
   *
   * @param path absolute, inside the sandbox; symbolic links are followed there
   * @param directory whether it is to be a directory, else a regular file
   */
  Location find(String path, boolean directory) throws ErrnoException {
    try {
      return fs.walk(KERNEL).find(path, true);
    } catch (ErrnoException failure) {
      if (failure.errno() != Errno.ENOENT) {
        throw failure;
      }
    }
    String trimmed = path.replaceAll("/+$", "");
    int slash = trimmed.lastIndexOf('/');
    Location above = find(trimmed.substring(0, slash + 1), true);
    String name = trimmed.substring(slash + 1);
    if (directory) {
      above.inode().mkdir(name, new NewFile(Attributes.DIRECTORY | 0755, 0, 0));
    } else {
      above.inode().mknod(name, 0, new NewFile(Attributes.REGULAR | 0644, 0, 0));
    }
    return fs.walk(KERNEL).find(trimmed, true);
  }
}
