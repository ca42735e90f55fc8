package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.mm.Mappable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file apart from its names. Methods answer by default what Linux answers for a file system that
 * lacks the operation. Permissions, names, types and read-only mounts were checked by the caller;
 * operations that change a directory are called with the directory's monitor held, and so is {@link
 * #lookup}.
 */
public abstract class Inode {
  private final FileSystem fileSystem;
  private final int type;
  private final WriteAccess writeAccess = new WriteAccess();
  private volatile @Nullable Object endpoint;
  private volatile @Nullable FileLocks locks;
  private volatile @Nullable WatchList watches;

  /**
   * An inode.
   *
   * @param type one of the types of {@link Attributes}; it never changes
   */
  protected Inode(FileSystem fileSystem, int type) {
    this.fileSystem = fileSystem;
    this.type = type & Attributes.TYPE_MASK;
  }

  /** The file system that it is in. */
  public final FileSystem fileSystem() {
    return fileSystem;
  }

  /** The type: the {@link Attributes#TYPE_MASK} bits of its mode. */
  public final int type() {
    return type;
  }

  /** Whether it is a directory. */
  public final boolean isDirectory() {
    return type == Attributes.DIRECTORY;
  }

  /** Whether it is a regular file. */
  public final boolean isRegular() {
    return type == Attributes.REGULAR;
  }

  /** Whether it is a symbolic link. */
  public final boolean isSymlink() {
    return type == Attributes.SYMLINK;
  }

  /** Who writes to the file and who executes it. */
  public final WriteAccess writeAccess() {
    return writeAccess;
  }

  /**
   * What a FIFO or a bound socket keeps here: the one pipe that all openers share, or the listening
   * socket. Read and set under the inode's monitor where it matters.
   */
  public final @Nullable Object endpoint() {
    return endpoint;
  }

  /** Sets what {@link #endpoint} gives. */
  public final void setEndpoint(@Nullable Object next) {
    endpoint = next;
  }

  /**
   * Connects to the socket of the host that this one stands for, where the container was given it.
   *
   * @param type SOCK_STREAM (1), SOCK_DGRAM (2) or SOCK_SEQPACKET (5)
   * @param as who connects
   * @return a descriptor of the host that does not block, the caller's to close
   * @throws ErrnoException ECONNREFUSED when nothing is behind it or it was not given, EPROTOTYPE,
   *     EAGAIN when the host's queue is full
   */
  public int connectToHost(int type, Credentials as) throws ErrnoException {
    throw ErrnoException.of(Errno.ECONNREFUSED);
  }

  /** The locks on it; made when first asked for. */
  public final FileLocks locks() {
    FileLocks now = locks;
    if (now == null) {
      synchronized (this) {
        now = locks;
        if (now == null) {
          now = new FileLocks();
          locks = now;
        }
      }
    }
    return now;
  }

  /** The locks on it, or null when there never were any. */
  public final @Nullable FileLocks locksIfAny() {
    return locks;
  }

  /** Those that watch it with inotify; made when first asked for. */
  public final WatchList watches() {
    WatchList now = watches;
    if (now == null) {
      synchronized (this) {
        now = watches;
        if (now == null) {
          now = new WatchList();
          watches = now;
        }
      }
    }
    return now;
  }

  final @Nullable WatchList watchesIfAny() {
    return watches;
  }

  /**
   * Somebody begins to watch it with inotify; {@link #unwatched} will be called as often.
   *
   * @param name the name that it is watched by
   * @throws ErrnoException ENOSPC when others cannot be watched too
   */
  public void watched(Dentry name) throws ErrnoException {}

  /** Somebody who watched it is gone. */
  public void unwatched() {}

  /** A name of it was found to be gone without this sandbox having taken it away. */
  protected void nameVanished() {}

  /** How many names it has left; 0 when it cannot be told. */
  final int linksLeft() {
    try {
      return attributes().links();
    } catch (ErrnoException e) {
      return 0;
    }
  }

  /**
   * A description, mapping or other user of the file came: contents stay even without a name until
   * {@link #closed} as often.
   */
  public void opened() {}

  /** A user that {@link #opened} counted is gone. */
  public void closed() {}

  /** What stat(2) tells. */
  public abstract Attributes attributes() throws ErrnoException;

  /**
   * Checks permission to use the file, by mode bits and capabilities.
   *
   * @param wanted a sum of {@link Permission#READ}, {@code WRITE} and {@code EXECUTE}
   * @throws ErrnoException EACCES
   */
  public void checkPermission(int wanted, Credentials credentials) throws ErrnoException {
    Attributes now = attributes();
    Permission.check(now.mode(), now.uid(), now.gid(), wanted, credentials);
  }

  /**
   * Changes attributes.
   *
   * @throws ErrnoException EPERM and others
   */
  public void setAttributes(AttributeChange change) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** Finds a name in this directory; null when there is none. */
  public @Nullable Inode lookup(String name) throws ErrnoException {
    throw ErrnoException.of(Errno.ENOTDIR);
  }

  /**
   * {@link #lookup(String)} when it is known what will be looked up next: a file system that asks
   * somebody else can ask for all at once.
   *
   * @param ahead the rest of the path, below what the name stands for; may be empty
   */
  public @Nullable Inode lookup(String name, String ahead) throws ErrnoException {
    return lookup(name);
  }

  /** Makes a regular file. */
  public Inode create(String name, NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.EACCES);
  }

  /** Makes a directory. */
  public Inode mkdir(String name, NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** Makes a symbolic link. */
  public Inode symlink(String name, String target, NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /**
   * Makes a FIFO, a socket or a device node; its mode tells which.
   *
   * @param device the device number of a device node
   */
  public Inode mknod(String name, long device, NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** Makes a regular file without a name (O_TMPFILE). */
  public Inode createNameless(NewFile file) throws ErrnoException {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  /** Gives a file of the same file system another name in this directory. */
  public void link(String name, Inode target) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** Takes a name of something that is no directory away. */
  public void unlink(String name, Inode child) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /**
   * Removes a directory.
   *
   * @throws ErrnoException ENOTEMPTY
   */
  public void rmdir(String name, Inode child) throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /**
   * Moves a name from this directory to another, or to another name.
   *
   * @param replaced what has the new name now, if anything; for {@link Rename#EXCHANGE} it gets the
   *     old name
   * @param flags of {@link Rename}
   * @throws ErrnoException ENOTEMPTY for a replaced directory, EINVAL for a flag it cannot do
   */
  public void rename(
      String oldName,
      Inode child,
      Inode newDirectory,
      String newName,
      @Nullable Inode replaced,
      int flags)
      throws ErrnoException {
    throw ErrnoException.of(Errno.EPERM);
  }

  /** What a symbolic link says. */
  public String readlink() throws ErrnoException {
    throw ErrnoException.of(Errno.EINVAL);
  }

  /**
   * Where a link of /proc leads, past all names; null for a link that is followed by its text.
   *
   * @throws ErrnoException ENOENT, or EACCES
   */
  public @Nullable Location magicLink(Credentials credentials) throws ErrnoException {
    return null;
  }

  /**
   * Lists this directory, without {@code .} and {@code ..}.
   *
   * @param position where to go on: 2 for the beginning, or what a former entry said is next
   */
  public void readDirectory(long position, DirectorySink sink) throws ErrnoException {
    throw ErrnoException.of(Errno.ENOTDIR);
  }

  /**
   * Opens the file. O_TRUNC was done already.
   *
   * @throws ErrnoException ENXIO for a socket or a device that nothing stands behind, and others
   */
  public FileDescription open(Opening opening) throws ErrnoException {
    return switch (type) {
      case Attributes.REGULAR -> new InodeFile(opening);
      case Attributes.DIRECTORY -> new DirectoryFile(opening);
      case Attributes.SYMLINK -> throw ErrnoException.of(Errno.ELOOP);
      case Attributes.SOCKET -> throw ErrnoException.of(Errno.ENXIO);
      default -> {
        if (opening.task() == null) {
          throw ErrnoException.of(Errno.ENXIO);
        }
        yield opening.task().kernel().specialFiles().open(this, opening);
      }
    };
  }

  /**
   * Reads contents.
   *
   * @return bytes moved, 0 at the end, or an errno negated
   */
  public long read(IoBuffer to, long offset) {
    return -Errno.EINVAL;
  }

  /** Writes contents; sizes and limits were checked. Result as in {@link #read}. */
  public long write(IoBuffer from, long offset) {
    return -Errno.EINVAL;
  }

  /**
   * Writes at the end, which nobody else moves meanwhile.
   *
   * @return bytes moved or an errno negated
   */
  public long append(IoBuffer from) {
    synchronized (this) {
      try {
        return write(from, size());
      } catch (ErrnoException e) {
        return -e.errno();
      }
    }
  }

  /** The length in bytes. */
  public long size() throws ErrnoException {
    return attributes().size();
  }

  /** The largest length that a file here can have. */
  public long maximumSize() {
    return Long.MAX_VALUE;
  }

  /**
   * fallocate(2); the range was checked not to be negative or empty.
   *
   * @throws ErrnoException EOPNOTSUPP and others
   */
  public void allocate(int mode, long offset, long length) throws ErrnoException {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  /**
   * The next offset that holds data, or that begins a hole; offset lies inside the file.
   *
   * @param data whether data is looked for
   * @return the offset, or ENXIO negated when no data follows
   */
  public long seek(long offset, boolean data) throws ErrnoException {
    return data ? offset : size();
  }

  /** Brings contents to where they last (fsync(2)). */
  public void sync(boolean dataOnly) throws ErrnoException {}

  /**
   * What mmap(2) maps.
   *
   * @param location where it was opened, for its name in /proc/PID/maps
   * @throws ErrnoException ENODEV
   */
  public Mappable mappable(Location location) throws ErrnoException {
    throw ErrnoException.of(Errno.ENODEV);
  }

  /** Notes an access, where the file system keeps such times. */
  public void touchAccessed() {}

  /**
   * An extended attribute.
   *
   * @throws ErrnoException ENODATA, EOPNOTSUPP
   */
  public byte[] getXattr(String name) throws ErrnoException {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  /**
   * Sets an extended attribute.
   *
   * @param flags 1 to make a new one only, 2 to replace an existing one only
   * @throws ErrnoException EEXIST, ENODATA, ENOSPC, EOPNOTSUPP
   */
  public void setXattr(String name, byte[] value, int flags) throws ErrnoException {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  /** The names of the extended attributes. */
  public List<String> listXattr() throws ErrnoException {
    return List.of();
  }

  /**
   * Removes an extended attribute.
   *
   * @throws ErrnoException ENODATA, EOPNOTSUPP
   */
  public void removeXattr(String name) throws ErrnoException {
    throw ErrnoException.of(Errno.EOPNOTSUPP);
  }

  /** Seals of a memory file (F_GET_SEALS). */
  public int seals() throws ErrnoException {
    throw ErrnoException.of(Errno.EINVAL);
  }

  /**
   * Adds seals (F_ADD_SEALS).
   *
   * @throws ErrnoException EPERM, EBUSY, EINVAL for a file that cannot be sealed
   */
  public void addSeals(int seals) throws ErrnoException {
    throw ErrnoException.of(Errno.EINVAL);
  }

  /** Statistics of the file system that it is in. */
  public Statfs statfs() throws ErrnoException {
    return fileSystem.statfs();
  }
}
