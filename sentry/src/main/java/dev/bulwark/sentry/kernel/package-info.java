/**
 * Tasks and what they belong to: the part of the Sentry that a reader of a kernel would call {@code
 * kernel/}.
 *
 * <p>A {@link dev.bulwark.sentry.kernel.Task} is one application thread as the kernel sees it, and
 * owns one Java thread.
 */
package dev.bulwark.sentry.kernel;
