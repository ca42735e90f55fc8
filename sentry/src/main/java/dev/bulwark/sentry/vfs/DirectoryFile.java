package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.IoBuffer;
import org.jspecify.annotations.Nullable;

/** An open directory. Its monitor guards the position. */
public class DirectoryFile extends FileDescription {
  /** The position after {@code .} and {@code ..}, where the entries of the inode begin. */
  public static final long FIRST = 2;

  private final Location location;
  private final Inode inode;
  private final Credentials opener;
  private long position;

  /** Opens the directory at a location. */
  @SuppressWarnings("this-escape") // the inode only counts
  public DirectoryFile(Opening opening) {
    super(opening.flags());
    location = opening.location();
    inode = location.inode();
    opener = opening.credentials();
    location.mount().use();
    inode.opened();
    FileEvents.opened(location.dentry());
  }

  @Override
  protected void release() {
    FileEvents.closed(location.dentry(), false);
    inode.closed();
    location.mount().unuse();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // equal ones of another task do not count
  public final boolean openedWith(Credentials credentials) {
    return opener == credentials;
  }

  @Override
  public final Location location() {
    return location;
  }

  @Override
  protected final @Nullable FileLocks locksOnFile() {
    return inode.locksIfAny();
  }

  /** The directory. */
  public final Inode inode() {
    return inode;
  }

  @Override
  public long read(IoBuffer to, long offset) {
    return -Errno.EISDIR;
  }

  @Override
  public long write(IoBuffer from, long offset) {
    return -Errno.EBADF;
  }

  @Override
  public final synchronized void readDirectory(DirectorySink sink) throws ErrnoException {
    if (location.dentry().removed()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    DirectorySink moving =
        (name, number, type, next) -> {
          boolean taken = sink.entry(name, number, type, next);
          if (taken) {
            position = next;
          }
          return taken;
        };
    if (position == 0 && !moving.entry(".", inode.attributes().inode(), Attributes.DIRECTORY, 1)) {
      return;
    }
    if (position == 1) {
      Dentry parent = location.dentry().parent();
      Inode above = parent == null ? inode : parent.existing();
      if (!moving.entry("..", above.attributes().inode(), Attributes.DIRECTORY, FIRST)) {
        return;
      }
    }
    list(position, moving);
    if (!location.mount().has(MountFlags.NOATIME | MountFlags.NODIRATIME)
        && !location.mount().readOnly()) {
      inode.touchAccessed();
    }
  }

  /** Lists what comes after {@code .} and {@code ..}; called with the monitor held. */
  protected void list(long from, DirectorySink sink) throws ErrnoException {
    inode.readDirectory(from, sink);
  }

  /** The position was set to the beginning; called with the monitor held. */
  protected void rewound() {}

  @Override
  public synchronized long seek(long offset, int whence) {
    long to =
        switch (whence) {
          case InodeFile.SEEK_SET -> offset;
          case InodeFile.SEEK_CUR -> position + offset;
          default -> -1;
        };
    if (to < 0) {
      return -Errno.EINVAL;
    }
    if (to == 0 && position != 0) {
      rewound();
    }
    position = to;
    return to;
  }

  @Override
  public final synchronized long position() {
    return position;
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    return inode.attributes();
  }

  @Override
  public String describe() {
    return PathName.of(location);
  }
}
