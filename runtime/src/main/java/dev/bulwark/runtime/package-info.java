/**
 * The runtime command's part of a sandbox's life.
 *
 * <p>{@link dev.bulwark.runtime.Launcher} starts the Sentry and the Gofer, two JVMs in sessions of
 * their own that hold exactly the descriptors they need, and then waits for whatever happens first:
 * a signal to pass on, a word from the Sentry, the death of a process. It ends when the sandbox
 * has: then no process of it is left. The host's terminal belongs to this process, which puts it
 * back as it was.
 */
package dev.bulwark.runtime;
