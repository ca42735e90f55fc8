/**
 * How the Sentry gets hold of an application's system calls.
 *
 * <p>A {@link dev.bulwark.platform.Platform} makes {@link dev.bulwark.platform.AddressSpace}s; each
 * is one application address space, hosted by a stub process (or a virtual machine). A {@link
 * dev.bulwark.platform.Context} is one application thread inside it. The Sentry's thread for that
 * task calls {@link dev.bulwark.platform.Context#run}, which lets the application go on until it
 * makes a system call, faults, or is kicked.
 *
 * <p>What lives here is mechanism. Policy (what a system call means, what a mapping may be) lives
 * in the Sentry. Every value that a stub leaves in shared memory is hostile: it is read once and
 * checked before use.
 */
package dev.bulwark.platform;
