package dev.bulwark.sentry.fs.tmpfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Statfs;
import java.util.concurrent.atomic.AtomicLong;

/** A file system in memory (tmpfs(5)) with a limit on bytes and one on inodes. */
public final class Tmpfs extends FileSystem {
  /** The number of the type in statfs(2). */
  public static final long MAGIC = 0x01021994;

  /** What an inode is taken to cost beyond its contents, when directories and names are counted. */
  private static final int DEFAULT_INODE_SHARE = 4096;

  private final Pages pages = Pages.shared();
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong inodes = new AtomicLong();
  private final AtomicLong lastNumber = new AtomicLong();
  private final TmpfsDirectory root;
  private volatile long maximumPages;
  private volatile long maximumInodes;

  /**
   * An empty file system.
   *
   * @param bytes the most that contents may take; rounded up to whole pages
   * @param rootMode permission bits of its root
   * @param uid owner of its root
   * @param gid group of its root
   */
  public Tmpfs(long bytes, int rootMode, int uid, int gid) {
    this("tmpfs", bytes, rootMode, uid, gid);
  }

  /**
   * The same under another name in /proc/filesystems.
   *
   * @param type such as {@code devtmpfs}
   */
  public Tmpfs(String type, long bytes, int rootMode, int uid, int gid) {
    super(type);
    maximumPages = toPages(bytes);
    maximumInodes = Math.max(1024, bytes / DEFAULT_INODE_SHARE);
    inodes.incrementAndGet();
    root =
        new TmpfsDirectory(
            this, nextNumber(), new NewFile(Attributes.DIRECTORY | (rootMode & 07777), uid, gid));
  }

  /**
   * A file system by the options of mount(2): {@code size=}, {@code nr_blocks=}, {@code
   * nr_inodes=}, {@code mode=}, {@code uid=}, {@code gid=}.
   *
   * @param defaultBytes the limit when no option sets one, and what percentages refer to, doubled
   * @throws ErrnoException EINVAL for anything else
   */
  public static Tmpfs mount(String options, long defaultBytes) throws ErrnoException {
    TmpfsOptions parsed = TmpfsOptions.parse(options, defaultBytes);
    Tmpfs made = new Tmpfs(parsed.bytes(), parsed.mode(), parsed.uid(), parsed.gid());
    if (parsed.inodes() > 0) {
      made.maximumInodes = parsed.inodes();
    }
    return made;
  }

  private static long toPages(long bytes) {
    return bytes / Pages.SIZE + (bytes % Pages.SIZE == 0 ? 0 : 1);
  }

  @Override
  protected Inode root() {
    return root;
  }

  /**
   * A regular file that no directory names, as memfd_create(2) makes it.
   *
   * @param sealable whether seals can be added
   */
  public Inode nameless(NewFile file, boolean sealable) throws ErrnoException {
    TmpfsFile made = new TmpfsFile(this, newInode(), file);
    made.nameless();
    if (sealable) {
      made.allowSeals();
    }
    return made;
  }

  /**
   * An inode of any type that no directory names, for a file system that keeps the names itself. It
   * lives as long as somebody has it {@linkplain Inode#opened open}.
   *
   * @param target what a symbolic link says; else without meaning
   * @param device the number of a device node; else without meaning
   */
  public MemoryInode nameless(NewFile file, String target, long device) throws ErrnoException {
    long number = newInode();
    TmpfsInode made =
        switch (file.mode() & Attributes.TYPE_MASK) {
          case Attributes.REGULAR -> new TmpfsFile(this, number, file);
          case Attributes.DIRECTORY -> new TmpfsDirectory(this, number, file);
          case Attributes.SYMLINK -> new TmpfsLink(this, number, file, target);
          default -> new TmpfsNode(this, number, file, device);
        };
    for (int links = made.links(); links > 0; links--) {
      made.nameless();
    }
    return made;
  }

  /**
   * Counts a name that costs memory beyond its inode, as one more inode.
   *
   * @throws ErrnoException ENOSPC
   */
  public void nameMade() throws ErrnoException {
    newInode();
  }

  /** Takes a count of {@link #nameMade} back. */
  public void nameGone() {
    inodeGone();
  }

  Pages pages() {
    return pages;
  }

  /** Counts one more inode and gives it a number. */
  long newInode() throws ErrnoException {
    HeapBudget.take(HeapBudget.INODE);
    if (inodes.incrementAndGet() > maximumInodes) {
      inodeGone();
      throw ErrnoException.of(Errno.ENOSPC);
    }
    return nextNumber();
  }

  private long nextNumber() {
    return lastNumber.incrementAndGet();
  }

  void inodeGone() {
    inodes.decrementAndGet();
    HeapBudget.give(HeapBudget.INODE);
  }

  void inodeBack() {
    inodes.incrementAndGet();
    HeapBudget.give(-HeapBudget.INODE);
  }

  /** Gives everything back that nobody has open. */
  @Override
  public void close() {
    root.clear();
  }

  /** Takes pages, which must fit. */
  void charge(long count) throws ErrnoException {
    if (used.addAndGet(count) > maximumPages) {
      used.addAndGet(-count);
      throw ErrnoException.of(Errno.ENOSPC);
    }
  }

  void uncharge(long count) {
    used.addAndGet(-count);
  }

  /** Notes what a memory file has come to take, or has given back. */
  void recharge(long change) {
    used.addAndGet(change);
  }

  /** Bytes of memory that contents take. */
  public long bytesUsed() {
    return used.get() * Pages.SIZE;
  }

  /** How many pages are left. */
  long room() {
    return maximumPages - used.get();
  }

  void checkRoom(long count) throws ErrnoException {
    if (count > room()) {
      throw ErrnoException.of(Errno.ENOSPC);
    }
  }

  @Override
  public Statfs statfs() {
    long free = Math.max(0, room());
    return new Statfs(
        MAGIC,
        Pages.SIZE,
        maximumPages,
        free,
        free,
        maximumInodes,
        Math.max(0, maximumInodes - inodes.get()),
        255);
  }

  @Override
  public String options() {
    Attributes at = root.attributesOfRoot();
    StringBuilder text = new StringBuilder(",size=").append(maximumPages * 4).append('k');
    text.append(",nr_inodes=").append(maximumInodes);
    if ((at.mode() & 07777) != 01777) {
      text.append(",mode=").append(Integer.toOctalString(at.mode() & 07777));
    }
    return text.toString();
  }

  @Override
  public void remount(String options) throws ErrnoException {
    TmpfsOptions parsed = TmpfsOptions.parse(options, maximumPages * Pages.SIZE);
    if (toPages(parsed.bytes()) < used.get()
        || (parsed.inodes() > 0 && parsed.inodes() < inodes.get())) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    maximumPages = toPages(parsed.bytes());
    if (parsed.inodes() > 0) {
      maximumInodes = parsed.inodes();
    }
  }
}
