/** Descriptors that signals are read from (signalfd(2)). */
package dev.bulwark.sentry.fs.signalfd;
