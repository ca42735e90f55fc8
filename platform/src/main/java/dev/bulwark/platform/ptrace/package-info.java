/**
 * The {@code ptrace} platform: applications run in stubs, each of whose threads is traced by the
 * Sentry's own thread for that task.
 *
 * <p>ptrace(2) takes requests from the one thread that attached. So a context is attached by the
 * thread that runs it first, and stays with it to its end; before, while whoever made it prepares
 * it, the stub's thread waits in its slot for orders as on any platform with stubs. No thread of
 * its own stands between the two: a stop wakes the task's thread, which answers and resumes.
 *
 * <p>PTRACE_SYSEMU stops at every system call instructions of any kind before the seccomp filter
 * sees it, and the call is never made, wherever in memory the instruction lies. The filter is the
 * second layer: it judges what escapes the tracer, and the calls that the tracer has a stopped
 * thread make (memory operations, new threads). Those take their arguments in registers alone, so
 * that other threads of a hostile application cannot change them.
 *
 * <p>What ptrace does not tell of a fault, its error code and vector, stands in the signal frame:
 * the signal is let through to the stub's handler, the thread stopped at the handler's first
 * instruction, and everything put back.
 *
 * <p>A traced thread that has died must be reaped by name before its process is dead to its parent:
 * {@code PtraceContext.reap}, on the task's thread or on that of the watcher, whichever is first to
 * notice.
 */
package dev.bulwark.platform.ptrace;
