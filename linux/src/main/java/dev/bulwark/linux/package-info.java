/**
 * Constants and layouts of the Linux ABI on x86-64, and the calls into the host kernel.
 *
 * <p>{@link dev.bulwark.linux.HostCall} is the one door to the host: every system call that any
 * process of Bulwark makes on purpose goes through it. Nothing of containers, policy or application
 * state may enter here.
 */
package dev.bulwark.linux;
