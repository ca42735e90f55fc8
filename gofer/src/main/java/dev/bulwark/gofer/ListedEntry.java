package dev.bulwark.gofer;

import org.jspecify.annotations.Nullable;

/**
 * A name in a directory; never {@code .} or {@code ..}.
 *
 * @param name a byte string
 * @param inode number of the inode on the host
 * @param type file type as bits of a mode; 0 when unknown
 * @param next the position after this entry
 * @param info the file, when it was asked for and could be looked up
 */
public record ListedEntry(String name, long inode, int type, long next, @Nullable NodeInfo info) {}
