package dev.bulwark.sentry.vfs;

import org.jspecify.annotations.Nullable;

/**
 * A place in the tree of files: a name, seen through a mount.
 *
 * @param mount the mount
 * @param dentry the name, within the mount's file system
 */
public record Location(Mount mount, Dentry dentry) {

  // Of the methods that Java makes for records every start would pay some milliseconds.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Location location
        && mount.equals(location.mount)
        && dentry.equals(location.dentry);
  }

  @Override
  public int hashCode() {
    return 31 * mount.hashCode() + dentry.hashCode();
  }

  /** The file there, which must exist. */
  public Inode inode() {
    return dentry.existing();
  }

  /** Whether it is the same place. */
  public boolean same(Location other) {
    return mount.equals(other.mount) && dentry.equals(other.dentry);
  }
}
