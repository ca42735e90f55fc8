package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;

/**
 * The file system of what has no place in any directory: pipes, sockets, event files. It gives such
 * a description a location, so that calls on descriptors and the links of /proc/PID/fd need not
 * tell it from others.
 */
final class AnonymousFiles extends FileSystem {
  private static final long ANON_INODE_MAGIC = 0x09041934;
  private static final AnonymousFiles INSTANCE = new AnonymousFiles();
  private static final Mount MOUNT = Mount.detached(INSTANCE);

  private AnonymousFiles() {
    super("anon_inodefs", 0);
  }

  /** A location for a description; it holds no reference. */
  static Location locate(FileDescription file) {
    return new Location(MOUNT, Dentry.detached(new Node(file), file.describe()));
  }

  @Override
  protected Inode root() {
    return new Root();
  }

  @Override
  public Statfs statfs() {
    return Statfs.sizeless(ANON_INODE_MAGIC);
  }

  private static final class Root extends Inode {
    Root() {
      super(INSTANCE, Attributes.DIRECTORY);
    }

    @Override
    public Attributes attributes() throws ErrnoException {
      throw ErrnoException.of(Errno.ENOENT);
    }
  }

  /** What an anonymous description looks like when it is reached by a path. */
  private static final class Node extends Inode {
    private final FileDescription file;

    Node(FileDescription file) {
      super(INSTANCE, 0);
      this.file = file;
    }

    @Override
    public Attributes attributes() throws ErrnoException {
      return file.attributes();
    }

    @Override
    public void setAttributes(AttributeChange change) throws ErrnoException {
      file.setAttributes(change);
    }

    @Override
    public FileDescription open(Opening opening) throws ErrnoException {
      if (!file.acquire()) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      try (file) {
        return file.reopen(opening);
      }
    }
  }
}
