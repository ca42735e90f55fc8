/**
 * Sockets that a socket of the host stands behind: the Sentry owns the host's socket, which never
 * blocks, and makes a narrow set of calls on it. Families, types, protocols and options are chosen
 * from lists; addresses, values and ancillary data are copied and bounded before the host sees
 * them, and credentials are those of the application.
 *
 * <p>The host's sockets are watched by one thread ({@link dev.bulwark.sentry.io.HostPoller}) that
 * wakes wait queues; no task waits in the host. There are no locks but those of concurrent maps.
 */
package dev.bulwark.sentry.net.host;
