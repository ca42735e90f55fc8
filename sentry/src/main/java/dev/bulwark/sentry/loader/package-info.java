/**
 * What execve(2) puts into a fresh address space: the segments of an ELF program and of its
 * interpreter, and the first stack. Scripts are resolved to the program that interprets them.
 *
 * <p>{@link dev.bulwark.sentry.loader.Program#prepare} does everything that can still fail with an
 * errno in the old program; {@link dev.bulwark.sentry.loader.Program#load} fills the new address
 * space, and its failure kills the task as on Linux. Every byte of a program file is hostile. The
 * package reaches files and memory through three small interfaces, {@link
 * dev.bulwark.sentry.loader.ProgramOpener}, {@link dev.bulwark.sentry.loader.ProgramFile} and
 * {@link dev.bulwark.sentry.loader.ImageMemory}; it holds no locks and keeps no state.
 */
package dev.bulwark.sentry.loader;
