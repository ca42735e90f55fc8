/**
 * The container's own files, which the Gofer opens. Names and attributes are cached: without limit
 * of time in a tree that belongs to one sandbox alone, where a cached path is opened and asked for
 * its attributes without a message to the Gofer; for less than a second in one that is shared,
 * where the host's own reports of changes are passed on to those who watch. Contents are read from
 * and written to descriptors that the Gofer donated, so they are the host's at once.
 *
 * <p>FIFOs, sockets and devices found there are only names: the Sentry gives them their meaning,
 * and an inode stays one object as long as anybody uses it.
 *
 * <p>Locks: the monitor of a directory (held while names in it are looked up and changed) or of a
 * file (held while it is written) may be held while the Gofer is asked, which never waits for an
 * application. The monitors of {@code InodeTable}, {@code DescriptorBudget}, {@code Prefetched} and
 * the lock of an inode's attributes are leaves. The lock that orders the host's events ({@code
 * HostEvents}) is taken with any of the others held but the last, and holds while watches are told.
 */
package dev.bulwark.sentry.fs.gofer;
