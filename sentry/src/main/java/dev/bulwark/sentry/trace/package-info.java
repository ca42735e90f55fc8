/**
 * The printer of system calls, like strace(1): {@link dev.bulwark.sentry.trace.Tracer} sits around
 * the dispatch of the system-call table while somebody wants to look, and is absent otherwise.
 *
 * <p>What is known of each call stands in tables of text, {@code CallText} and {@code StructText}
 * for the shapes and {@code FileWords} and {@code ProcessWords} for the constants; they are read
 * when the first tracer is made. Nothing here changes what a call does: application memory is read
 * only, what cannot be read prints as its address, and a failure to print never reaches the task.
 *
 * <p>One lock, that of {@code TraceLog}; it is the innermost and held while a line is written.
 */
package dev.bulwark.sentry.trace;
