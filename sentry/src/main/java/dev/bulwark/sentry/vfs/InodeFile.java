package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.mm.Mappable;
import org.jspecify.annotations.Nullable;

/**
 * An open regular file: a position, and the contents that its inode keeps. Its monitor guards the
 * position, so that reads and writes of one description do not overlap (POSIX, 2.9.7).
 */
public class InodeFile extends FileDescription {
  /** lseek(2): from the beginning. */
  public static final int SEEK_SET = 0;

  /** lseek(2): from the position. */
  public static final int SEEK_CUR = 1;

  /** lseek(2): from the end. */
  public static final int SEEK_END = 2;

  /** lseek(2): to the next data. */
  public static final int SEEK_DATA = 3;

  /** lseek(2): to the next hole. */
  public static final int SEEK_HOLE = 4;

  private final Location location;
  private final Inode inode;
  private final Credentials opener;
  private final boolean writes;
  private long position;

  /** Opens the inode at a location. */
  @SuppressWarnings("this-escape") // the inode only counts
  public InodeFile(Opening opening) {
    super(opening.flags());
    location = opening.location();
    inode = location.inode();
    opener = opening.credentials();
    location.mount().use();
    inode.opened();
    if (writable()) {
      location.mount().beginWriting();
    }
    writes = writable() && inode.writeAccess().tryWrite();
    FileEvents.opened(location.dentry());
  }

  @Override
  protected void release() {
    FileEvents.closed(location.dentry(), writable());
    if (writes) {
      inode.writeAccess().endWrite();
    }
    inode.closed();
    if (writable()) {
      location.mount().endWriting();
    }
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

  /** The file. */
  public final Inode inode() {
    return inode;
  }

  @Override
  public long read(IoBuffer to, long offset) {
    if (!readable()) {
      return -Errno.EBADF;
    }
    if (offset != AT_POSITION) {
      return readAt(to, offset);
    }
    synchronized (this) {
      long n = readAt(to, position);
      if (n > 0) {
        position += n;
      }
      return n;
    }
  }

  /** Reads contents; for files whose contents belong to the description. */
  protected long readContents(IoBuffer to, long offset) {
    return inode.read(to, offset);
  }

  /** Writes contents; for files that do not keep them. */
  protected long writeContents(IoBuffer from, long offset) {
    return inode.write(from, offset);
  }

  private long readAt(IoBuffer to, long offset) {
    long n = readContents(to, offset);
    if (n >= 0
        && (flags() & OpenFlags.NOATIME) == 0
        && !location.mount().has(MountFlags.NOATIME)
        && !location.mount().readOnly()) {
      inode.touchAccessed();
    }
    if (n > 0) {
      FileEvents.accessed(location.dentry());
    }
    return n;
  }

  @Override
  public long write(IoBuffer from, long offset) {
    return write(from, offset, (flags() & OpenFlags.APPEND) != 0);
  }

  /** Writes at the end of the file, wherever the offset is (RWF_APPEND of pwritev2(2)). */
  public long append(IoBuffer from, long offset) {
    return write(from, offset, true);
  }

  private long write(IoBuffer from, long offset, boolean append) {
    if (!writable()) {
      return -Errno.EBADF;
    }
    if (from.remaining() == 0) {
      return 0;
    }
    try {
      stripPrivileges();
    } catch (ErrnoException e) {
      return -e.errno();
    }
    long n = writeSomewhere(from, offset, append);
    if (n > 0) {
      FileEvents.modified(location.dentry());
    }
    return n;
  }

  private long writeSomewhere(IoBuffer from, long offset, boolean append) {
    if (offset != AT_POSITION) {
      // Linux appends even at an explicit offset; pwrite(2) lists it among its bugs.
      return append ? inode.append(from) : writeAt(from, offset);
    }
    synchronized (this) {
      if (append) {
        return appendHere(from);
      }
      long n = writeAt(from, position);
      if (n > 0) {
        position += n;
      }
      return n;
    }
  }

  private long writeAt(IoBuffer from, long offset) {
    if (offset >= inode.maximumSize()) {
      return -Errno.EFBIG;
    }
    return writeContents(from, offset);
  }

  private long appendHere(IoBuffer from) {
    long n = inode.append(from);
    if (n > 0) {
      try {
        position = inode.size();
      } catch (ErrnoException e) {
        return n; // written all the same; the next append finds the end anew
      }
    }
    return n;
  }

  /** Writing takes the set-user-ID bit away, unless the writer might set it (inode(7)). */
  private void stripPrivileges() throws ErrnoException {
    Task writer = Task.current();
    Credentials who = writer == null ? opener : writer.credentials();
    if (who.has(Capability.FSETID)) {
      return;
    }
    Attributes now = inode.attributes();
    int stripped = stripped(now.mode());
    if (stripped != now.mode()) {
      inode.setAttributes(AttributeChange.ofMode(stripped));
    }
  }

  /** A mode without the set-user-ID bit, and without set-group-ID where that means execution. */
  static int stripped(int mode) {
    int stripped = mode & ~04000;
    return (mode & 02010) == 02010 ? stripped & ~02000 : stripped;
  }

  @Override
  public long seek(long offset, int whence) {
    try {
      synchronized (this) {
        long to =
            switch (whence) {
              case SEEK_SET -> offset;
              case SEEK_CUR -> Math.addExact(position, offset);
              case SEEK_END -> Math.addExact(inode.size(), offset);
              case SEEK_DATA, SEEK_HOLE -> seekContents(offset, whence == SEEK_DATA);
              default -> -Errno.EINVAL;
            };
        if (whence > SEEK_END && to < 0) {
          return to;
        }
        if (to < 0 || to > inode.maximumSize()) {
          return -Errno.EINVAL;
        }
        position = to;
        return to;
      }
    } catch (ArithmeticException e) {
      return -Errno.EOVERFLOW;
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  private long seekContents(long offset, boolean data) throws ErrnoException {
    if (offset < 0 || offset >= inode.size()) {
      return -Errno.ENXIO;
    }
    return inode.seek(offset, data);
  }

  /** The position. */
  @Override
  public final synchronized long position() {
    return position;
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    return inode.attributes();
  }

  @Override
  public Mappable mappable() throws ErrnoException {
    return inode.mappable(location);
  }

  @Override
  public String describe() {
    return PathName.of(location);
  }
}
