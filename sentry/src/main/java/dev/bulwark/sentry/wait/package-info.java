/**
 * Waiting for events: objects that can become ready own a {@link
 * dev.bulwark.sentry.wait.WaitQueue}; whoever waits, polls or watches with epoll hangs a {@link
 * dev.bulwark.sentry.wait.Waiter} on it. Nothing here blocks.
 */
package dev.bulwark.sentry.wait;
