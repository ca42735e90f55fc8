/**
 * The virtual file system: mounts, names, path walks, open file descriptions and descriptor tables.
 * A {@link dev.bulwark.sentry.vfs.FileSystem} gives {@link dev.bulwark.sentry.vfs.Inode}s; {@link
 * dev.bulwark.sentry.vfs.Dentry} remembers their names; {@link dev.bulwark.sentry.vfs.Mount}s put
 * trees together; a {@link dev.bulwark.sentry.vfs.PathWalk} finds a {@link
 * dev.bulwark.sentry.vfs.Location}. What opening gives is a {@link
 * dev.bulwark.sentry.vfs.FileDescription}: objects that never block. Paths and names are byte
 * strings in ISO-8859-1.
 *
 * <p>Lock order: the renames lock of a file system; the monitors of directories' inodes, upper
 * before lower; the monitor of any other inode; locks inside a file system. The monitor of a mount
 * namespace and that of a description are taken first of all. A lookup may ask the Gofer with the
 * directory's monitor held, as Linux holds a directory's lock while a disk is read.
 *
 * <p>Nothing here opens a host path, and nothing reads application memory except through {@code
 * IoBuffer}.
 */
package dev.bulwark.sentry.vfs;
