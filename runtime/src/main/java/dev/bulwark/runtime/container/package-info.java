/**
 * The life cycle of containers as the OCI runtime specification has it: create, start, kill,
 * delete, and what engines need besides.
 *
 * <p>A container is a directory below the state root that only its owner can read ({@link
 * dev.bulwark.runtime.container.StateDirectory}), a host process that lives as long as the
 * container's first process (its keeper), and a socket on which the Sentry answers ({@link
 * dev.bulwark.runtime.container.SentryClient}). Nothing else is remembered: whether a container
 * runs is asked of the host every time, so a machine that lost power needs no repair.
 *
 * <p>Commands that change a container hold the lock of its directory; those that only look hold
 * none, since the state file is replaced as a whole.
 */
package dev.bulwark.runtime.container;
