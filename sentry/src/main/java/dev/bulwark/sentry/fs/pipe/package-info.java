/**
 * Pipes and FIFOs (pipe(7), fifo(7)).
 *
 * <p>A {@link dev.bulwark.sentry.fs.pipe.Pipe} is a queue of pages; descriptions of its two ends
 * are {@link dev.bulwark.sentry.fs.pipe.PipeEnd}s. A {@link dev.bulwark.sentry.fs.pipe.Fifo} is
 * what an inode holds: it makes the pipe when somebody opens it and drops it after the last one.
 *
 * <p>Locks: Fifo, then Pipe; two pipes in the order of their numbers. Under the lock of a pipe
 * application memory is copied and, for splice(2), another file is read or written, as Linux does;
 * no file takes the lock of a pipe under its own.
 */
package dev.bulwark.sentry.fs.pipe;
