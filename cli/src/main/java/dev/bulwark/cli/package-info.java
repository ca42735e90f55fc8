/**
 * The command line: parsing and printing. What a command does lives in {@code dev.bulwark.runtime}.
 *
 * <p>Parsing is our own hundred lines ({@link dev.bulwark.cli.Options}), because this JVM's start
 * lies on the way of every container: an annotation-driven library cost 120 ms of it, measured with
 * its classes in an ahead-of-time cache.
 */
package dev.bulwark.cli;
