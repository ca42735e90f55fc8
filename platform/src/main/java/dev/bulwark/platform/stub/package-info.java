/**
 * Stubs: the host processes in which applications run, and what all platforms that use them share.
 *
 * <p>A stub is a clone of the zygote, a pristine process, and is a child of this one; {@link
 * dev.bulwark.platform.stub.DeathWatcher} notices every death. Each has its own memory file,
 * control socket and {@link dev.bulwark.platform.stub.Slot}s (memory that a thread of it shares
 * with the Sentry), and holds nothing else: what it can map is what its descriptors permit. Its
 * seccomp filter goes on before anything of an application is there. Until a thread runs
 * application code it waits in its slot for orders.
 *
 * <p>What a stub writes is hostile: it is read once, bounded, and at worst condemns the stub.
 * Nothing that a stub writes can harm another stub or the Sentry. The C side is in {@code
 * src/main/c/stub}.
 *
 * <p>Locks: {@code StubProcess}'s monitor guards its life; {@code StubAddressSpace}'s monitor
 * serialises operations and comes before it.
 */
package dev.bulwark.platform.stub;
