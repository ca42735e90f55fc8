package dev.bulwark.runtime;

/**
 * A tree of files that a sandbox's Gofer serves; the first one is the root file system.
 *
 * @param fd an O_PATH descriptor of its top, which is a directory, a regular file or a socket
 * @param readOnly whether changes are refused
 * @param shared whether others than the sandbox may change it
 * @param sockets whether the sandbox may connect to sockets in it; to a top that is one it always
 *     may
 */
public record Tree(int fd, boolean readOnly, boolean shared, boolean sockets) {}
