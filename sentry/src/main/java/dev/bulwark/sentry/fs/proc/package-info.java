/**
 * The file system of processes, /proc (proc(5)): what {@code ps}, {@code top}, {@code lsof}, shells
 * and language runtimes read of the system and of each process. It describes the sandbox, never the
 * host.
 *
 * <p>{@link dev.bulwark.sentry.fs.proc.ProcSystem} is what is mounted. Contents are made when a
 * file is read from its beginning, and stay the same until it is read from there again. Everything
 * that is asked of a process is asked through {@code Subject}; files that reveal memory,
 * environment or open files are for those who could trace the process ({@code Access}).
 *
 * <p>No lock of its own is held while text is made; each part asks objects that guard themselves.
 */
package dev.bulwark.sentry.fs.proc;
