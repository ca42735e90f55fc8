/**
 * The runtime command's part of a sandbox's life.
 *
 * <p>{@link dev.bulwark.runtime.Launcher} prepares what the Sentry and the Gofer need, two JVMs in
 * sessions of their own that hold exactly the descriptors they are given, and then becomes their
 * keeper ({@link dev.bulwark.runtime.keeper}). That ends when the sandbox has: then no process of
 * it is left, and a terminal is as it was.
 */
package dev.bulwark.runtime;
