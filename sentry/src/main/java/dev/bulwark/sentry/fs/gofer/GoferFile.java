package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.gofer.Client;
import dev.bulwark.gofer.FileAttributes;
import dev.bulwark.gofer.HostEvents;
import dev.bulwark.gofer.OwnChange;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.Statx;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import org.jspecify.annotations.Nullable;

/**
 * A regular file. Contents go straight between applications and a donated descriptor. Its monitor
 * is held while it is written, and guards its length and what mappings use.
 */
final class GoferFile extends GoferInode {
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int FALLOC_FL_KEEP_SIZE = 1;

  /** Keeping the size, holes, collapsing, zeroing, inserting, unsharing. */
  private static final int FALLOC_MODES = 0x1 | 0x2 | 0x8 | 0x10 | 0x20 | 0x40;

  private final Descriptors descriptors;
  private volatile long size;
  private int mappings;
  private @Nullable Donated mappedReading;
  private @Nullable Donated mappedWriting;

  /** Whether it is known to have no file capabilities, which every execve(2) asks for. */
  private volatile boolean noCapabilities;

  GoferFile(GoferSystem system, long node, Attributes attributes, DescriptorBudget budget) {
    super(system, node, attributes);
    descriptors = new Descriptors(budget, fd -> close(system, node, fd));
    size = attributes.size();
  }

  /** Of the end of a descriptor that was good for writing, the host tells those who watch. */
  private static void close(GoferSystem system, long node, int fd) {
    if (!system.announces()) {
      HostFile.close(fd);
      return;
    }
    HostEvents events = system.events();
    OwnChange change = OwnChange.of(node);
    events.begin(change);
    HostFile.close(fd);
    events.end(change);
  }

  @Override
  Descriptors descriptors() {
    return descriptors;
  }

  /** Takes over a descriptor for reading and writing. */
  void donate(int fd) throws ErrnoException {
    descriptors.keep(fd, Descriptors.Use.WRITE).unuse();
  }

  /** A descriptor to work with, asked for when there is none; the caller must give it back. */
  private Donated use(boolean write) throws ErrnoException {
    Donated donated = descriptors.use(write);
    return donated != null ? donated : open(write);
  }

  private Donated open(boolean write) throws ErrnoException {
    if (isGone()) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    int access = write ? Client.READ_WRITE : Client.READ;
    int fd = ask(client -> client.open(node(), access));
    return descriptors.keep(fd, write ? Descriptors.Use.WRITE : Descriptors.Use.READ);
  }

  private Donated useAppending() throws ErrnoException {
    Donated donated = descriptors.useAppending();
    if (donated != null) {
      return donated;
    }
    int fd = ask(client -> client.open(node(), Client.APPEND));
    return descriptors.keep(fd, Descriptors.Use.APPEND);
  }

  @Override
  public FileDescription open(Opening opening) throws ErrnoException {
    // Asked for now, so that errors are open's; most files that are opened are read anyway.
    use((opening.flags() & OpenFlags.ACCESS_MODE) != OpenFlags.RDONLY).unuse();
    return super.open(opening);
  }

  /**
   * Asks the host directly where that can be believed: in the Sentry's user namespace all owners
   * look the same, so they are those that the Gofer told.
   */
  @Override
  FileAttributes fetch() throws ErrnoException {
    Donated donated = ownerKnown() ? descriptors.use(false) : null;
    if (donated == null) {
      return super.fetch();
    }
    try {
      Statx stat = new Statx();
      ErrnoException.check(stat.fill(donated.fd, ""));
      return FileAttributes.of(stat).ownedBy(known().uid(), known().gid());
    } finally {
      donated.unuse();
    }
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    if (mappedWriting != null) {
      markStale(); // stores change its times without anybody telling
    }
    return super.attributes();
  }

  @Override
  public long size() throws ErrnoException {
    if (!gofer().shared()) {
      return size;
    }
    markStale(); // others write too
    return attributes().size();
  }

  @Override
  public long read(IoBuffer to, long offset) {
    Donated donated;
    try {
      donated = use(false);
    } catch (ErrnoException e) {
      return -e.errno();
    }
    try {
      return to.readFrom(donated.fd, offset);
    } finally {
      donated.unuse();
    }
  }

  @Override
  public synchronized long write(IoBuffer from, long offset) {
    try {
      if (!gofer().announces()) {
        return write(use(true), from, offset, false);
      }
      return gofer().announced(OwnChange.of(node()), () -> write(use(true), from, offset, false));
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  /** Where others write too, only the host knows where the end is. */
  @Override
  public synchronized long append(IoBuffer from) {
    if (!gofer().shared()) {
      return super.append(from);
    }
    try {
      return gofer().announced(OwnChange.of(node()), () -> write(useAppending(), from, 0, true));
    } catch (ErrnoException e) {
      return -e.errno();
    }
  }

  private long write(Donated donated, IoBuffer from, long offset, boolean append) {
    try {
      long n = from.writeTo(donated.fd, offset);
      if (n > 0) {
        noCapabilities = true; // the host takes them away when contents change
        if (!append && offset + n > size) {
          size = offset + n;
        }
        markStale();
      }
      return n;
    } finally {
      donated.unuse();
    }
  }

  @Override
  public synchronized void setAttributes(AttributeChange change) throws ErrnoException {
    if (change.valid() == AttributeChange.SIZE) {
      long to = change.size();
      gofer()
          .announced(
              OwnChange.of(node()),
              () -> {
                truncate(to);
                return true;
              });
      return;
    }
    super.setAttributes(change);
    if (change.has(AttributeChange.SIZE)) {
      size = change.size();
    }
  }

  private void truncate(long to) throws ErrnoException {
    Donated donated = use(true);
    try {
      ErrnoException.check(HostFile.truncate(donated.fd, to));
      size = to;
      markStale();
    } finally {
      donated.unuse();
    }
  }

  @Override
  public synchronized void allocate(int mode, long offset, long length) throws ErrnoException {
    if ((mode & ~FALLOC_MODES) != 0) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    gofer()
        .announced(
            OwnChange.of(node()),
            () -> {
              allocateNow(mode, offset, length);
              return true;
            });
    if ((mode & FALLOC_FL_KEEP_SIZE) == 0) {
      size = attributes().size();
    }
  }

  private void allocateNow(int mode, long offset, long length) throws ErrnoException {
    Donated donated = use(true);
    try {
      ErrnoException.check(HostFile.allocate(donated.fd, mode, offset, length));
      markStale();
    } finally {
      donated.unuse();
    }
  }

  @Override
  public long seek(long offset, boolean data) throws ErrnoException {
    Donated donated = use(false);
    try {
      return HostFile.seek(donated.fd, offset, data ? SEEK_DATA : SEEK_HOLE);
    } finally {
      donated.unuse();
    }
  }

  @Override
  public void sync(boolean dataOnly) throws ErrnoException {
    Donated donated = use(false);
    try {
      ErrnoException.check(HostFile.sync(donated.fd, dataOnly));
    } finally {
      donated.unuse();
    }
  }

  @Override
  public Mappable mappable(Location location) {
    return new GoferMapping(this, location);
  }

  /**
   * The descriptor that mappings use: the one for reading admits nothing else, because stubs hold
   * it. It stays until the last mapping is gone.
   */
  synchronized int hostFd(boolean write) throws ErrnoException {
    Donated pinned = write ? mappedWriting : mappedReading;
    if (pinned != null) {
      return pinned.fd;
    }
    if (write) {
      pinned = use(true);
      mappedWriting = pinned;
    } else {
      pinned = descriptors.useReadOnly();
      if (pinned == null) {
        pinned = open(false);
      }
      mappedReading = pinned;
    }
    return pinned.fd;
  }

  void mapped(int change) {
    synchronized (this) {
      mappings += change;
      if (mappings == 0) {
        if (mappedReading != null) {
          mappedReading.unuse();
          mappedReading = null;
        }
        if (mappedWriting != null) {
          mappedWriting.unuse();
          mappedWriting = null;
          markStale();
        }
      }
    }
    if (change > 0) {
      opened();
    } else {
      closed();
    }
  }

  @Override
  public byte[] getXattr(String name) throws ErrnoException {
    boolean capabilities = name.equals("security.capability");
    if (capabilities && noCapabilities && !gofer().shared()) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    try {
      return super.getXattr(name);
    } catch (ErrnoException e) {
      if (capabilities && e.errno() == Errno.ENODATA) {
        noCapabilities = true;
      }
      throw e;
    }
  }

  @Override
  public void setXattr(String name, byte[] value, int flags) throws ErrnoException {
    super.setXattr(name, value, flags);
    noCapabilities = false;
  }
}
