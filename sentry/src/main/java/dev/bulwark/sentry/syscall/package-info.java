/**
 * The system calls of the Sentry: one table, and one class for each topic of calls.
 *
 * <p>{@link dev.bulwark.sentry.syscall.SyscallTable} is the only list of what is supported. A topic
 * class adds its rows with {@link dev.bulwark.sentry.syscall.SyscallTable.Builder#row}; a row names
 * the call, says how complete it is, and decodes the six argument registers into the typed
 * parameters of a method that reads like the manual page. The dispatch path and the documentation
 * page both come from these rows. Numbers that no row claims answer ENOSYS and are counted.
 *
 * <p>Raw addresses of application memory enter as {@code long} and go to {@code
 * dev.bulwark.sentry.mm}, never further.
 */
package dev.bulwark.sentry.syscall;
