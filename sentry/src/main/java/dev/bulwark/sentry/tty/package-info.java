/**
 * Terminals: pairs of pseudoterminals with Linux's default line discipline (N_TTY), and job
 * control.
 *
 * <p>A {@link dev.bulwark.sentry.tty.Pty} is a pair; {@link dev.bulwark.sentry.tty.PtyMaster} and
 * {@link dev.bulwark.sentry.tty.PtySlave} are open descriptions of its two sides. What is written
 * to the master runs through the {@code LineDiscipline}, which edits lines, echoes and turns keys
 * into signals, and is read from the slave; what is written to the slave runs through {@code
 * OutputProcessing} to the master. {@link dev.bulwark.sentry.tty.HostTerminal} joins a master to
 * the terminal of the host, so that an application sees nothing but a pair of this kernel.
 *
 * <p>Locks: the monitor of a pair, under which application memory is copied and signals are sent;
 * so it comes before the lock of the tree of processes.
 */
package dev.bulwark.sentry.tty;
