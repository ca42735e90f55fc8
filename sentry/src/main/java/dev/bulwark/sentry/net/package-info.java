/**
 * Sockets as system calls see them (socket(7)): {@link dev.bulwark.sentry.net.Socket} is what every
 * family implements, {@link dev.bulwark.sentry.net.SocketCalls} decodes the calls. Families have
 * packages of their own.
 */
package dev.bulwark.sentry.net;
