package dev.bulwark.sentry.vfs;

/**
 * A name in a directory.
 *
 * @param name its bytes
 * @param inode number of the inode
 * @param type the {@link Attributes#TYPE_MASK} bits of its mode
 */
public record DirectoryEntry(String name, long inode, int type) {}
