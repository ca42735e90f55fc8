/** Counters that programs wait on (eventfd(2)). */
package dev.bulwark.sentry.fs.eventfd;
