package dev.bulwark.linux;

/**
 * An entry of a directory of the host (struct linux_dirent64).
 *
 * @param inode number of the inode
 * @param next the position after this entry, for lseek(2) on the directory
 * @param type file type as the {@link Statx#TYPE_MASK} bits of a mode; 0 when the file system does
 *     not tell
 * @param name a byte string
 */
public record Dirent(long inode, long next, int type, String name) {}
