/**
 * Clocks and timers (time(7)).
 *
 * <p>Deadlines inside of the Sentry are on the clock of {@link System#nanoTime}, which is Linux's
 * CLOCK_MONOTONIC.
 */
package dev.bulwark.sentry.time;
