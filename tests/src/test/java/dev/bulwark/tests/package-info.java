/**
 * Tests of the finished command: each runs {@code ./bulwark} as a user would, and looks at what
 * comes out. {@link dev.bulwark.tests.Sandbox} runs a command inside, {@link
 * dev.bulwark.tests.Native} the same one on the host kernel, {@link dev.bulwark.tests.CProgram}
 * compiles small C programs for both.
 */
@org.jspecify.annotations.NullMarked
package dev.bulwark.tests;
