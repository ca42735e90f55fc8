package dev.bulwark.sentry.fs.synthetic;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;

/**
 * A symbolic link whose text is generated. One that leads past names, such as those of
 * /proc/PID/fd, also overrides {@link #magicLink}.
 */
public abstract class SyntheticLink extends SyntheticInode {
  /** A link. */
  protected SyntheticLink(SyntheticFileSystem fileSystem, int permissions, int uid, int gid) {
    super(fileSystem, Attributes.SYMLINK | permissions, uid, gid);
  }

  /** A link of root's that always says the same. */
  public static SyntheticLink to(SyntheticFileSystem fileSystem, String target) {
    return new SyntheticLink(fileSystem, 0777, 0, 0) {
      @Override
      public String readlink() {
        return target;
      }
    };
  }

  @Override
  public abstract String readlink() throws ErrnoException;
}
