package dev.bulwark.sentry.fs.overlay;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Mount;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.Statfs;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A writable view of a file system that stays as it is. What changes is kept in a tmpfs, whose
 * limits bound it. The file system below must not change while it is covered.
 */
public final class OverlayFileSystem extends FileSystem {
  /** The number of the type in statfs(2). */
  public static final long MAGIC = 0x794c7630;

  /** Numbers of files that were made here begin where those of real disks do not reach. */
  private static final long FIRST_NUMBER = 1L << 48;

  /** Where the number of a device goes in those of its files; few disks have so many files. */
  private static final int DEVICE_SHIFT = 38;

  /** What is below is opened by the kernel itself; users are checked against the overlay. */
  private static final Credentials KERNEL = Credentials.of(0, 0, new int[0], Capability.ALL);

  private final Tmpfs store;
  private final Mount below;
  private final OverlayDirectory root;
  private final AtomicLong lastNumber = new AtomicLong(FIRST_NUMBER);

  /**
   * What exists below and was changed, by its name there. Names are remembered only for a while;
   * what was changed is kept here until it is removed.
   */
  private final ConcurrentHashMap<Dentry, OverlayInode> pinned = new ConcurrentHashMap<>();

  /** Files below with several names, so that all names lead to one object. */
  private final ConcurrentHashMap<Key, WeakReference<OverlayFile>> shared =
      new ConcurrentHashMap<>();

  /** Those of them that were changed: the names below would show the old contents. */
  private final ConcurrentHashMap<Key, OverlayFile> changed = new ConcurrentHashMap<>();

  /** Devices below in the order in which they were met; the root's is the first. */
  private final ConcurrentHashMap<Long, Integer> devices = new ConcurrentHashMap<>();

  /** Which file it is below, where there may be several devices. */
  private record Key(long device, long inode) {
    static Key of(Dentry lower) throws ErrnoException {
      Attributes attributes = lower.existing().attributes();
      return new Key(attributes.device(), attributes.inode());
    }

    // Written out, since those that records have are made anew at each start.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && device == that.device && inode == that.inode;
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(device) + Long.hashCode(inode);
    }
  }

  /**
   * A view of a file system.
   *
   * @param lower what to cover
   * @param store where changes are kept; used by nobody else
   */
  public OverlayFileSystem(FileSystem lower, Tmpfs store) throws ErrnoException {
    super("overlay");
    this.store = store;
    this.below = Mount.detached(lower);
    Dentry top = lower.rootDentry();
    Attributes attributes = top.existing().attributes();
    devices.put(attributes.device(), 0);
    root = new OverlayDirectory(this, top, attributes.inode());
  }

  /**
   * The number that is shown for one below: the overlay is one device, whatever is mounted there.
   */
  long number(long device, long inode) {
    Integer index = devices.get(device);
    if (index == null) {
      synchronized (devices) {
        index = devices.computeIfAbsent(device, _ -> devices.size());
      }
    }
    return inode ^ ((long) index << DEVICE_SHIFT);
  }

  @Override
  protected Inode root() {
    return root;
  }

  @Override
  public Statfs statfs() throws ErrnoException {
    Statfs kept = store.statfs();
    Statfs under = below.fileSystem().statfs();
    // What is below is there and full; only what is kept here can grow.
    long full = (under.blocks() - under.free()) * under.blockSize() / kept.blockSize();
    return new Statfs(
        MAGIC,
        kept.blockSize(),
        kept.blocks() + full,
        kept.free(),
        kept.available(),
        kept.files() + under.files() - under.freeFiles(),
        kept.freeFiles(),
        kept.nameLength());
  }

  Tmpfs store() {
    return store;
  }

  long nextNumber() {
    return lastNumber.incrementAndGet();
  }

  /** Opens something below for reading. */
  FileDescription openBelow(Dentry lower) throws ErrnoException {
    Location at = new Location(below, lower);
    return lower.existing().open(new Opening(at, OpenFlags.RDONLY, KERNEL, null));
  }

  /** The object for a name that exists below; null when the name is free there. */
  @Nullable OverlayInode show(Dentry lower) throws ErrnoException {
    Inode inode = lower.inode();
    if (inode == null) {
      return null;
    }
    OverlayInode known = pinned.get(lower);
    if (known != null) {
      return known;
    }
    Attributes attributes = inode.attributes();
    long number = number(attributes.device(), attributes.inode());
    return switch (inode.type()) {
      case Attributes.DIRECTORY -> new OverlayDirectory(this, lower, number);
      case Attributes.REGULAR -> file(lower, attributes, number);
      default -> new OverlayLeaf(this, lower, number);
    };
  }

  private OverlayFile file(Dentry lower, Attributes attributes, long number) {
    if (attributes.links() < 2) {
      return new OverlayFile(this, lower, number, attributes.links());
    }
    synchronized (shared) {
      Key key = new Key(attributes.device(), attributes.inode());
      OverlayFile known = changed.get(key);
      if (known == null) {
        WeakReference<OverlayFile> reference = shared.get(key);
        known = reference == null ? null : reference.get();
      }
      if (known == null) {
        known = new OverlayFile(this, lower, number, attributes.links());
        shared.put(key, new WeakReference<>(known));
        if (shared.size() % 1024 == 0) {
          shared.values().removeIf(reference -> reference.refersTo(null));
        }
      }
      return known;
    }
  }

  /** Something below was changed: whoever looks it up again must find the change. */
  void changed(OverlayInode inode, Dentry lower) throws ErrnoException {
    pinned.put(lower, inode);
    if (inode instanceof OverlayFile file) {
      Key key = Key.of(lower);
      if (shared.containsKey(key)) {
        changed.put(key, file);
      }
    }
  }

  /** What was changed has no name any more. */
  void forget(OverlayInode inode, Dentry lower) {
    pinned.remove(lower, inode);
    if (inode instanceof OverlayFile) {
      changed.values().remove(inode);
    }
  }
}
