/**
 * The container's own files, which the Gofer opens. Names and attributes are cached without limit
 * of time, since a root file system belongs to one sandbox alone; contents are read from and
 * written to descriptors that the Gofer donated. A cached path is opened and asked for its
 * attributes without a message to the Gofer. Changes made on the host behind the sandbox's back may
 * go unnoticed.
 *
 * <p>FIFOs, sockets and devices found there are only names: the Sentry gives them their meaning,
 * and an inode stays one object as long as anybody uses it.
 *
 * <p>Locks: the monitor of a directory (held while names in it are looked up and changed) or of a
 * file (held while it is written) may be held while the Gofer is asked, which never waits for an
 * application. The monitors of {@code InodeTable}, {@code DescriptorBudget}, {@code Prefetched} and
 * the lock of an inode's attributes are leaves.
 */
package dev.bulwark.sentry.fs.gofer;
