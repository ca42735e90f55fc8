package dev.bulwark.sentry.vfs;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Mounts in a container's tree as the OCI runtime specification asks for them, before its first
 * program runs. Paths are absolute and resolved inside the tree, so that no symbolic link of an
 * image leads out of it. Mount points that are missing are made; so a root that is to be read-only
 * becomes it last ({@link #remount}). Belongs to one thread.
 */
public final class ContainerMounts {
  private static final Credentials KERNEL = Credentials.of(0, 0, new int[0], Capability.ALL);

  private final MountNamespace namespace;
  private final FsContext fs;
  private final Supplier<FileSystem> empty;

  /**
   * Works on a tree.
   *
   * @param empty makes an empty file system, which is mounted over directories that are masked
   */
  public ContainerMounts(MountNamespace namespace, Supplier<FileSystem> empty) {
    this.namespace = namespace;
    this.empty = empty;
    this.fs = FsContext.at(namespace.root());
  }

  /**
   * What a path leads to, symbolic links followed.
   *
   * @throws ErrnoException ENOENT and whatever else a walk may fail with
   */
  public Location find(String path) throws ErrnoException {
    return fs.walk(KERNEL).find(path, true);
  }

  /**
   * Mounts a file system.
   *
   * @param path where, made if it is missing: a directory or an empty file, as the root of the file
   *     system is one
   * @param flags of {@link MountFlags}
   * @param source shown in /proc/mounts
   */
  public Mount mount(FileSystem what, String path, int flags, String source) throws ErrnoException {
    Dentry root = what.rootDentry();
    return namespace.mount(point(path, root.existing().isDirectory()), root, flags, source);
  }

  /**
   * Shows a place of the tree, such as one that was mounted before, at another.
   *
   * @param path where, made if it is missing
   * @param flags of {@link MountFlags}, which replace those of the mount that it comes from
   * @param recursive whether mounts below come along, with their own flags
   */
  public Mount bind(Location from, String path, int flags, boolean recursive)
      throws ErrnoException {
    Mount made = namespace.bind(from, point(path, from.inode().isDirectory()), recursive);
    namespace.change(made, flags & MountFlags.PER_MOUNT, MountFlags.PER_MOUNT, false);
    return made;
  }

  /**
   * Changes flags of the mount at a path; for options such as {@code rro}, of those below as well.
   *
   * @param set flags to set
   * @param clear flags to take away before that
   * @throws ErrnoException EINVAL when nothing is mounted there, EBUSY
   */
  public void remount(String path, int set, int clear, boolean recursive) throws ErrnoException {
    Location at = find(path);
    if (!at.dentry().equals(at.mount().root())) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    namespace.change(at.mount(), set, clear, recursive);
  }

  /** Says whether mounts upon the mount at a path are passed on. */
  public void propagate(String path, Propagation next, boolean recursive) throws ErrnoException {
    namespace.propagate(find(path).mount(), next, recursive);
  }

  /**
   * Hides what is at a path ({@code maskedPaths}): a directory behind an empty one that cannot be
   * written, anything else behind a device. A path that does not exist is hidden already.
   *
   * @param device what hides files: /dev/null
   */
  public void mask(String path, Location device) throws ErrnoException {
    Location at = findIfThere(path);
    if (at == null) {
      return;
    }
    if (at.inode().isDirectory()) {
      namespace.mount(at, empty.get().rootDentry(), MountFlags.RDONLY, "tmpfs");
    } else {
      namespace.mount(at, device.dentry(), 0, "devtmpfs");
    }
  }

  /**
   * Forbids to write at and below a path ({@code readonlyPaths}), by a mount of the place upon
   * itself. A path that does not exist is left alone.
   */
  public void protect(String path) throws ErrnoException {
    Location at = findIfThere(path);
    if (at != null) {
      namespace.change(namespace.bind(at, at, true), MountFlags.RDONLY, 0, true);
    }
  }

  private @Nullable Location findIfThere(String path) throws ErrnoException {
    try {
      return find(path);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return null;
      }
      throw e;
    }
  }

  /**
   * A mount point, which is made with the directories above it when it is missing.
   *
   * @param directory whether it is to be a directory
   * @throws ErrnoException EROFS when it is missing and cannot be made, ENOTDIR, EEXIST for a
   *     symbolic link that leads to nothing
   */
  public Location point(String path, boolean directory) throws ErrnoException {
    Location there = findIfThere(path);
    if (there != null) {
      return there;
    }
    List<String> names = new ArrayList<>(List.of(path.split("/")));
    names.removeIf(String::isEmpty);
    StringBuilder upTo = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      upTo.append('/').append(names.get(i));
      if (findIfThere(upTo.toString()) == null) {
        make(upTo.toString(), directory || i < names.size() - 1);
      }
    }
    return find(path);
  }

  private void make(String path, boolean directory) throws ErrnoException {
    if (directory) {
      Names.mkdir(fs.walk(KERNEL), path, 0755);
    } else {
      Names.mknod(fs.walk(KERNEL), path, Attributes.REGULAR | 0644, 0);
    }
  }
}
