/**
 * Files in memory. Contents of small files lie in pages of one memory file that no stub ever gets
 * ({@link dev.bulwark.sentry.fs.tmpfs.Pages}); a file that grows large or is mapped moves to a
 * memory file of its own, which is what mmap(2) maps. Descriptors are scarce, so those of files
 * that are neither go back.
 *
 * <p>Locks: the monitor of an inode guards its attributes and contents; the monitors of {@code
 * Pages} and the counters of {@code Tmpfs} are leaves below it.
 */
package dev.bulwark.sentry.fs.tmpfs;
