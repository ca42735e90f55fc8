package dev.bulwark.sentry.vfs;

/**
 * A place in the tree of files: a name, seen through a mount.
 *
 * @param mount the mount
 * @param dentry the name, within the mount's file system
 */
public record Location(Mount mount, Dentry dentry) {

  /** The file there, which must exist. */
  public Inode inode() {
    return dentry.existing();
  }

  /** Whether it is the same place. */
  public boolean same(Location other) {
    return mount.equals(other.mount) && dentry.equals(other.dentry);
  }
}
