/**
 * The {@code systrap} platform: applications run in stubs, whose every system call a seccomp filter
 * turns into SIGSYS.
 *
 * <p>A stub's signal handler saves nothing itself: the host kernel's signal frame lands on a signal
 * stack that lies in the thread's slot, which is shared with the Sentry, and the Sentry reads and
 * writes the registers there. The two hand the turn to each other through one word, first spinning,
 * then sleeping in a futex.
 *
 * <p>Locks: those of {@code platform.stub}.
 */
package dev.bulwark.platform.systrap;
