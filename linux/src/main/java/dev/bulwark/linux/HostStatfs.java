package dev.bulwark.linux;

/**
 * What fstatfs(2) tells of a file system of the host.
 *
 * @param magic the number of its type
 * @param blockSize bytes of a block, in which the next three are counted
 * @param blocks all blocks
 * @param free unused ones
 * @param available those that an unprivileged user may take
 * @param files all inodes
 * @param freeFiles unused ones
 * @param nameLength the longest name, in bytes
 */
public record HostStatfs(
    long magic,
    long blockSize,
    long blocks,
    long free,
    long available,
    long files,
    long freeFiles,
    long nameLength) {}
