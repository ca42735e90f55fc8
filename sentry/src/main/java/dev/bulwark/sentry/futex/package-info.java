/**
 * Futexes: sleeping on a word of application memory until another task wakes the sleepers
 * (futex(2)).
 *
 * <p>What a futex <em>is</em> is decided by the caller, who makes the {@link
 * dev.bulwark.sentry.futex.FutexKey}: the address space and address for a private one, the memory
 * object and offset for a shared one.
 *
 * <p>Locks: a bucket's monitor is a leaf, except that two buckets are taken together in the order
 * of their indices. Reading the futex word under it is a plain load and never waits for the
 * application. Priority inheritance is not provided.
 */
package dev.bulwark.sentry.futex;
