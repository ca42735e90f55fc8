/**
 * Changes kept in memory over a file system that is only read. Every file is one object that shows
 * what lies below until it is changed, and its copy in a tmpfs from then on; all who have it open,
 * by whatever name, see the change. Directories keep in memory which names came, went or moved; a
 * directory that moves takes its place below along, so nothing is copied for it.
 *
 * <p>Locks: the monitor of an overlay inode before the monitors of the file system below and of the
 * tmpfs.
 */
package dev.bulwark.sentry.fs.overlay;
