package dev.bulwark.sentry.boot;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.PathWalk;

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
      return walk().find(path, true);
    } catch (ErrnoException failure) {
      if (failure.errno() != Errno.ENOENT) {
        throw failure;
      }
    }
    String trimmed = path.replaceAll("/+$", "");
    find(trimmed.substring(0, trimmed.lastIndexOf('/') + 1), true);
    if (directory) {
      Names.mkdir(walk(), trimmed, 0755);
    } else {
      Names.mknod(walk(), trimmed, Attributes.REGULAR | 0644, 0);
    }
    return walk().find(trimmed, true);
  }

  /** A walk with all rights. */
  PathWalk walk() {
    return fs.walk(KERNEL);
  }
}
