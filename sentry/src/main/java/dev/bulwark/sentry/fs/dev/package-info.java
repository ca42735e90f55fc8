/**
 * /dev: its tree of nodes ({@link dev.bulwark.sentry.fs.dev.DevTree}) and the devices that are
 * nothing but memory. Terminals register themselves with {@link
 * dev.bulwark.sentry.vfs.SpecialFiles} under the numbers that the nodes have.
 */
package dev.bulwark.sentry.fs.dev;
