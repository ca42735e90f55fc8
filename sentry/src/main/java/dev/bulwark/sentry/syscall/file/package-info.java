/**
 * The system calls of files and directories, a class for each topic. A call reads its arguments
 * from application memory, finds places through {@link dev.bulwark.sentry.syscall.file.At}, lets
 * {@code vfs} do the work, and sleeps where the manual says that it waits.
 */
package dev.bulwark.sentry.syscall.file;
