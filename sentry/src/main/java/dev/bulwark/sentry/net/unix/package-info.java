/**
 * Unix sockets (unix(7)).
 *
 * <p>A {@link dev.bulwark.sentry.net.unix.UnixSocket} receives into its {@link
 * dev.bulwark.sentry.net.unix.ReceiveQueue}, whose messages keep their bytes in pages of native
 * memory. Files in flight are counted; a cycle of sockets that only hold each other stays until the
 * sandbox ends, and the count bounds what such cycles can hold.
 *
 * <p>Locks: the monitor of {@link dev.bulwark.sentry.net.unix.UnixSystem} guards names and
 * connections; below it is the monitor of a receive queue. Files are released under neither.
 */
package dev.bulwark.sentry.net.unix;
