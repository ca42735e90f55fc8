/**
 * Netlink sockets (netlink(7), rtnetlink(7)): what asks for links, addresses, routes, neighbours
 * and rules is decoded, checked against a list, built anew and asked of the host on a socket of its
 * own; what comes back is checked and renumbered. Changes are refused: EPERM without CAP_NET_ADMIN,
 * EOPNOTSUPP with it.
 */
package dev.bulwark.sentry.net.netlink;
