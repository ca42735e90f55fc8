package dev.bulwark.runtime;

/**
 * How a sandbox ended.
 *
 * @param exitCode of its init, or 128 and the signal that killed it
 * @param remark what a person should know about this end, or empty
 */
public record Outcome(int exitCode, String remark) {}
