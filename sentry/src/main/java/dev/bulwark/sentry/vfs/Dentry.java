package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A name in a directory and what it stands for: an inode, or nothing (a negative entry). There is
 * one object for a name at any time, so names are compared by identity. Reading is lock-free; names
 * are entered and taken away under the monitor of the directory's inode.
 */
public final class Dentry {
  /** Where a name hangs; one object, so that a reader never sees half of a rename. */
  private record Place(@Nullable Dentry parent, String name) {}

  private final FileSystem fileSystem;
  private final @Nullable Inode inode;
  private final AtomicInteger mounts = new AtomicInteger();
  private volatile Place place;
  private volatile boolean removed;
  private volatile boolean used;

  /** When it was last known to be true, by the clock of its file system. */
  private volatile long confirmed;

  private volatile @Nullable ConcurrentHashMap<String, DentryCache.Ref> children;

  Dentry(FileSystem fileSystem, @Nullable Dentry parent, String name, @Nullable Inode inode) {
    this.fileSystem = fileSystem;
    this.place = new Place(parent, name);
    this.inode = inode;
  }

  /** The file system that it belongs to. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** The inode, or null when the name is free. */
  public @Nullable Inode inode() {
    return inode;
  }

  /** The inode of a name that is known not to be free. */
  public Inode existing() {
    return Objects.requireNonNull(inode, "a name that stands for nothing");
  }

  /** The directory that it is in; null at the root of a file system. */
  public @Nullable Dentry parent() {
    return place.parent;
  }

  /** The name; empty at the root of a file system. */
  public String name() {
    return place.name;
  }

  /** Whether the name was taken away: the file lives on only for those who have it open. */
  public boolean removed() {
    return removed;
  }

  /** Whether it is this name's directory, or one above. */
  boolean isBelow(Dentry above) {
    for (Dentry at = this; at != null; at = at.parent()) {
      if (at.equals(above)) {
        return true;
      }
    }
    return false;
  }

  /** How many mounts stand on this name. */
  boolean isMountpoint() {
    return mounts.get() > 0;
  }

  void countMounts(int change) {
    mounts.addAndGet(change);
  }

  boolean takeUsed() {
    boolean was = used;
    used = false;
    return was;
  }

  /** When what it says was last known to be true; see {@link FileSystem#clock}. */
  public long confirmed() {
    return confirmed;
  }

  /** Whether a remembered name may be used without another question. */
  private boolean current(Dentry known) throws ErrnoException {
    // What is mounted upon stays, as the mount would be lost with it.
    return known.isMountpoint() || fileSystem.valid(known);
  }

  /** The name as remembered, or null; no lock, no question to the file system. */
  @Nullable Dentry remembered(String name) {
    ConcurrentHashMap<String, DentryCache.Ref> map = children;
    if (map == null) {
      return null;
    }
    DentryCache.Ref ref = map.get(name);
    Dentry child = ref == null ? null : ref.get();
    if (child != null && !child.used) {
      child.used = true;
    }
    return child;
  }

  /** What a name in this directory was found to stand for when it was last looked up, or null. */
  public @Nullable Inode rememberedInode(String name) {
    Dentry child = remembered(name);
    return child == null ? null : child.inode;
  }

  /**
   * Finds a name in this directory. A free name is answered by a dentry without inode.
   *
   * @throws ErrnoException ENOTDIR, ENAMETOOLONG, or what the file system answers
   */
  public Dentry child(String name) throws ErrnoException {
    return child(name, "", 0);
  }

  /**
   * {@link #child(String)} on the way to more.
   *
   * @param path a path, of which a part is going to be looked up below
   * @param next where in the path that part begins; its length when there is none
   */
  public Dentry child(String name, String path, int next) throws ErrnoException {
    Dentry known = remembered(name);
    if (known != null && current(known)) {
      return known;
    }
    if (name.length() > 255) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
    Inode directory = existing();
    synchronized (directory) {
      return childLocked(name, path.substring(next));
    }
  }

  /** {@link #child} for those who hold the monitor of the directory's inode. */
  Dentry childLocked(String name) throws ErrnoException {
    return childLocked(name, "");
  }

  private Dentry childLocked(String name, String ahead) throws ErrnoException {
    Dentry known = remembered(name);
    if (known != null && current(known)) {
      return known;
    }
    if (name.length() > 255) {
      throw ErrnoException.of(Errno.ENAMETOOLONG);
    }
    long asked = fileSystem.clock();
    Inode found = removed ? null : existing().lookup(name, ahead);
    if (known != null) {
      if (found == null ? known.inode == null : found.equals(known.inode)) {
        known.confirmed = asked;
        return known;
      }
      forget(known);
      known.vanished();
    }
    Dentry child = new Dentry(fileSystem, this, name, found);
    child.confirmed = asked;
    if (!removed && (found != null || fileSystem.cachesAbsence())) {
      enter(child, name);
    }
    return child;
  }

  /** Others took this name away, or made it stand for something else. */
  private void vanished() {
    Inode was = inode;
    if (was == null) {
      return;
    }
    was.nameVanished();
    if (was.linksLeft() == 0) {
      removed = true;
      FileEvents.vanished(was);
    }
  }

  /** Enters a name that now stands for an inode; the directory's monitor is held. */
  Dentry put(String name, Inode made) {
    Dentry child = new Dentry(fileSystem, this, name, made);
    child.confirmed = fileSystem.clock();
    enter(child, name);
    return child;
  }

  private void enter(Dentry child, String name) {
    ConcurrentHashMap<String, DentryCache.Ref> map = children;
    if (map == null) {
      map = new ConcurrentHashMap<>(4);
      children = map;
    }
    fileSystem.dentries().enter(child, map, name);
  }

  /** Takes a name away for good; the directory's monitor is held. */
  void remove(Dentry child) {
    child.removed = true;
    forget(child);
  }

  private void forget(Dentry child) {
    ConcurrentHashMap<String, DentryCache.Ref> map = children;
    if (map != null) {
      DentryCache.Ref ref = map.get(child.name());
      if (ref != null && ref.refersTo(child)) {
        map.remove(child.name(), ref);
      }
    }
  }

  /** Moves this name; the monitors of both directories are held. */
  void move(Dentry newParent, String newName) {
    Dentry old = place.parent;
    if (old != null) {
      old.forget(this);
    }
    place = new Place(newParent, newName);
    confirmed = fileSystem.clock();
    newParent.enter(this, newName);
  }

  /** Forgets a name that was free, because it is going to be used. */
  void forgetAbsence(String name) {
    Dentry known = remembered(name);
    if (known != null && known.inode == null) {
      forget(known);
    }
  }

  /** A name outside any directory, for a file that has none. */
  public static Dentry detached(Inode inode, String name) {
    Dentry dentry = new Dentry(inode.fileSystem(), null, name, inode);
    dentry.removed = true;
    return dentry;
  }

  /** The path from the root of the file system, beginning with a slash. */
  public String pathInFileSystem() {
    return pathFrom(null);
  }

  /** The path from a name above, beginning with a slash; "" for the name itself. */
  String pathFrom(@Nullable Dentry above) {
    List<String> names = new ArrayList<>();
    Dentry at = this;
    while (!at.equals(above)) {
      Place now = at.place;
      if (now.parent == null) {
        break;
      }
      names.add(now.name);
      at = now.parent;
    }
    StringBuilder path = new StringBuilder();
    for (int i = names.size() - 1; i >= 0; i--) {
      path.append('/').append(names.get(i));
    }
    return path.isEmpty() && above == null ? "/" : path.toString();
  }

  @Override
  public String toString() {
    return pathInFileSystem();
  }
}
