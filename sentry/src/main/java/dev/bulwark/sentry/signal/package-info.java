/**
 * Signals: what is pending, what a process does about it, and how an application gets to see it.
 *
 * <p>{@link dev.bulwark.sentry.signal.ProcessSignals} is what the tasks of a process share, {@link
 * dev.bulwark.sentry.signal.TaskSignals} what each has alone. {@link
 * dev.bulwark.sentry.signal.SignalSender} sends, {@link dev.bulwark.sentry.signal.Delivery} acts on
 * what is pending before a task goes back to the application, and {@link
 * dev.bulwark.sentry.signal.SignalFrame} lays out what a handler finds on its stack.
 *
 * <p>Lock order: the monitor of the {@code ProcessTree} before that of a {@code ProcessSignals},
 * which guards all signal state of the process and its tasks (Linux's siglock). Nothing is called
 * under it but wait queues and the waking of tasks.
 */
package dev.bulwark.sentry.signal;
