/**
 * The {@code systrap} platform: applications run in stub processes, whose every system call a
 * seccomp filter turns into SIGSYS.
 *
 * <p>A stub's signal handler saves nothing itself: the host kernel's signal frame lands on a signal
 * stack that lies in the thread's {@link dev.bulwark.platform.systrap.Slot}, which is shared with
 * the Sentry, and the Sentry reads and writes the registers there. The two hand the turn to each
 * other through one word, first spinning, then sleeping in a futex.
 *
 * <p>Each stub has its own slots, memory file and control socket, and holds nothing else: what it
 * can map is what its descriptors permit. A stub is a clone of the zygote, a pristine process, and
 * is a child of this one; {@link dev.bulwark.platform.systrap.DeathWatcher} notices every death.
 *
 * <p>What a stub writes is hostile: it is read once, bounded, and at worst condemns the stub.
 * Nothing that a stub writes can harm another stub or the Sentry. The C side is in {@code
 * src/main/c/systrap}.
 *
 * <p>Locks: {@code StubProcess}'s monitor guards its life; {@code SystrapAddressSpace}'s monitor
 * serialises operations and comes before it.
 */
package dev.bulwark.platform.systrap;
