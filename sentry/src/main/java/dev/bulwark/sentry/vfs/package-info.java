/**
 * Files as applications see them: descriptor tables, open file descriptions, mounts, dentries and
 * inodes.
 *
 * <p>Operations on descriptions never block: one that cannot go on answers EAGAIN negated, and the
 * system-call layer sleeps on {@link dev.bulwark.sentry.vfs.FileDescription#waitQueue}. Path
 * operations throw {@link dev.bulwark.sentry.ErrnoException}; data paths return an errno negated.
 */
package dev.bulwark.sentry.vfs;
