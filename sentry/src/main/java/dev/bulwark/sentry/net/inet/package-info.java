/**
 * The Internet protocols (ip(7), ipv6(7), tcp(7), udp(7), icmp(7)): {@link
 * dev.bulwark.sentry.net.inet.InetSocket} hands its calls to a socket of the host in the network
 * namespace of the sandbox; {@link dev.bulwark.sentry.net.inet.HostStack} makes such sockets and
 * decides by the application's credentials who may have which.
 *
 * <p>What has pointers or programs in it never reaches the host: socket filters, TCP_ULP,
 * zero-copy, IP_HDRINCL, IP options.
 */
package dev.bulwark.sentry.net.inet;
