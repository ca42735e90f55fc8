package dev.bulwark.sentry.vfs;

/** Takes the entries of a directory one by one. */
@FunctionalInterface
public interface DirectorySink {

  /**
   * Takes an entry.
   *
   * @param name its name
   * @param inode number of the inode
   * @param type file type: the {@link Attributes#TYPE_MASK} bits of its mode
   * @param next the position after this entry
   * @return false when there was no room: the entry was not taken, and no more shall come
   */
  boolean entry(String name, long inode, int type, long next);
}
