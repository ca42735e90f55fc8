/**
 * What the runtime command and a sandbox say to each other.
 *
 * <p>A sandbox's processes are started with exactly the descriptors of {@link
 * dev.bulwark.control.Inherited}. The Sentry reads a {@link dev.bulwark.control.SandboxSpec} from
 * one of them, and exchanges {@link dev.bulwark.control.Message}s with the runtime command over
 * another, one datagram each, until one of the two ends. Commands on a container that runs connect
 * to its sandbox, whichever wall that is behind ({@link dev.bulwark.control.CommandServer}), and
 * leave a keeper of its own with each process that they start ({@link
 * dev.bulwark.control.Keepers}).
 *
 * <p>The encoding is written by hand and reads no class by reflection, because it lies on the path
 * of every start. Strings are byte strings: one char a byte, ISO-8859-1. A reader bounds every
 * length by what is left of its input, and refuses what it does not understand; both ends come from
 * the same build, so there is no versioning.
 */
package dev.bulwark.control;
