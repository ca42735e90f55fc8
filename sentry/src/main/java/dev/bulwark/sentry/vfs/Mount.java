package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A file system, or a part of it, seen at a place. Mounts form a tree; its shape changes under the
 * lock of the {@link MountNamespace} alone, and is read without a lock.
 */
public final class Mount {
  private static final AtomicInteger NEXT_ID = new AtomicInteger(20);
  private static final AtomicInteger NEXT_GROUP = new AtomicInteger(1);

  private final int id = NEXT_ID.getAndIncrement();
  private final Dentry root;
  private final String source;
  private final ConcurrentHashMap<Dentry, Mount> children = new ConcurrentHashMap<>();
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicInteger writers = new AtomicInteger();
  private volatile int flags;
  private volatile Propagation propagation = Propagation.PRIVATE;
  private volatile int group;
  private volatile boolean expiring;
  private volatile @Nullable Location mountpoint;
  private final @Nullable MountNamespace namespace;

  Mount(@Nullable MountNamespace namespace, Dentry root, int flags, String source) {
    this.namespace = namespace;
    this.root = root;
    this.flags = MountFlags.ofMount(flags);
    this.source = source;
  }

  /** A mount that is in no namespace and that no path leads to, for files without names. */
  public static Mount detached(FileSystem fileSystem) {
    return new Mount(null, fileSystem.rootDentry(), 0, "none");
  }

  /** Its number in /proc/PID/mountinfo. */
  public int id() {
    return id;
  }

  /** The namespace whose tree it was mounted in; null for one that no path leads to. */
  public @Nullable MountNamespace namespace() {
    return namespace;
  }

  /** The name of the file system that appears at the mountpoint. */
  public Dentry root() {
    return root;
  }

  /** The place of {@link #root}. */
  public Location rootLocation() {
    return new Location(this, root);
  }

  /** The file system that is mounted. */
  public FileSystem fileSystem() {
    return root.fileSystem();
  }

  /** What was given as the source, such as {@code tmpfs} or a device. */
  public String source() {
    return source;
  }

  /** The {@link MountFlags} of the mount itself. */
  public int flags() {
    return flags;
  }

  /** Replaces the flags, as {@link #flags} gives them. */
  void setFlags(int next) {
    flags = next;
  }

  /** Whether mounts upon it are passed on. */
  public Propagation propagation() {
    return propagation;
  }

  /** The number of its peer group, when it is shared. */
  public int group() {
    return group;
  }

  void setPropagation(Propagation next) {
    if (next == Propagation.SHARED && propagation != Propagation.SHARED) {
      group = NEXT_GROUP.getAndIncrement();
    }
    propagation = next;
  }

  /** Whether a flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether nothing can be written through it. */
  public boolean readOnly() {
    return has(MountFlags.RDONLY) || fileSystem().readOnly();
  }

  /**
   * Refuses when nothing can be written through it.
   *
   * @throws ErrnoException EROFS
   */
  public void checkWritable() throws ErrnoException {
    if (readOnly()) {
      throw ErrnoException.of(Errno.EROFS);
    }
  }

  /** Where it is mounted; null for the root of a namespace and for what was unmounted. */
  public @Nullable Location mountpoint() {
    return mountpoint;
  }

  /** The mount that stands directly on a name of this one, or null. */
  public @Nullable Mount child(Dentry at) {
    return children.get(at);
  }

  /** The mounts that stand directly on this one; a live view. */
  public Collection<Mount> children() {
    return Collections.unmodifiableCollection(children.values());
  }

  void attach(Location at) {
    mountpoint = at;
    at.dentry().countMounts(1);
    at.mount().children.put(at.dentry(), this);
  }

  void detach() {
    Location at = mountpoint;
    if (at != null) {
      at.mount().children.remove(at.dentry(), this);
      at.dentry().countMounts(-1);
      mountpoint = null;
    }
  }

  /** Notes an open file or a working directory, which keep it from being unmounted. */
  public void use() {
    expiring = false;
    users.incrementAndGet();
  }

  /** Takes a note of {@link #use} back. */
  public void unuse() {
    users.decrementAndGet();
  }

  /** Marks it as one that nobody has used since; tells whether it was marked. */
  boolean expire() {
    boolean was = expiring;
    expiring = true;
    return was;
  }

  /** Notes a description that can write, which keeps it from becoming read-only. */
  void beginWriting() {
    writers.incrementAndGet();
  }

  /** Takes a note of {@link #beginWriting} back. */
  void endWriting() {
    writers.decrementAndGet();
  }

  boolean isWritten() {
    return writers.get() > 0;
  }

  boolean inUse() {
    return users.get() > 0;
  }

  @Override
  public String toString() {
    return "mount " + id + " (" + fileSystem().type() + ")";
  }
}
