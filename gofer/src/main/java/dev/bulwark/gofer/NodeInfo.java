package dev.bulwark.gofer;

/**
 * A file that the server found or made. Whoever gets one owes a {@link Client#forget}.
 *
 * @param node its number; files that are the same on the host have the same one
 * @param attributes what the host says about it
 */
public record NodeInfo(long node, FileAttributes attributes) {}
