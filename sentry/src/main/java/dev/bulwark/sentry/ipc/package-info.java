/**
 * System V IPC: shared memory segments, semaphore sets and message queues (sysvipc(7)), one {@link
 * dev.bulwark.sentry.ipc.IpcNamespace} for a sandbox.
 *
 * <p>Locks: each of the three systems has one, its own monitor, which guards its table and all
 * objects in it. It is a leaf, but for the memory account's below that of shared memory. Nothing is
 * copied from or to an application, and nobody sleeps, while it is held: a call reads its
 * arguments, does its work, and stores its results.
 *
 * <p>Applications decide how many objects there are, and they lie in the Sentry's heap; so all are
 * bounded, where Linux bounds them and where only its memory accounting would.
 */
package dev.bulwark.sentry.ipc;
