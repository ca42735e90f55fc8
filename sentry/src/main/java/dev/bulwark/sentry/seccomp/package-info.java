/**
 * Seccomp inside of the sandbox: the filters that applications set for themselves (seccomp(2)), and
 * the profile that the container's configuration brings. They guard the Sentry's system calls as
 * they guard those of Linux; the filters that guard the host against the Sentry are something else
 * and live elsewhere.
 *
 * <p>A task holds an immutable chain of filters, {@link dev.bulwark.sentry.seccomp.SeccompFilters},
 * or null, so that a task without filters pays for one look at a reference. The chain of a task
 * changes under the monitor of its {@link dev.bulwark.sentry.kernel.ThreadGroup}, in which nothing
 * else is locked but the process's signals.
 *
 * <p>Programs come from applications and are hostile: {@link
 * dev.bulwark.sentry.seccomp.BpfVerifier} admits none that could read out of bounds or run for
 * ever, and bounds are checked by Java once more.
 */
package dev.bulwark.sentry.seccomp;
