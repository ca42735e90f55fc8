/**
 * Application memory: virtual memory areas, mapping, faults, fork, limits, and access from system
 * calls.
 *
 * <p>A {@link dev.bulwark.sentry.mm.MemoryMap} is the memory of a process. Its areas ({@link
 * dev.bulwark.sentry.mm.Vma}) stand in an immutable {@link dev.bulwark.sentry.mm.VmaTree}, which is
 * what is true: system calls look addresses up in it without a lock, and the stub's own mappings
 * follow it. Private memory lies in the memory file of the address space, most often at the offset
 * that equals its address, so that the Sentry reads it by plain loads and neighbours join. Files
 * that are mapped shared or cannot be written are mapped themselves, from the descriptor that their
 * {@link dev.bulwark.sentry.mm.Mappable} gives; private writable ones are copied: small ones at
 * once, large ones as they are touched.
 *
 * <p>Where the Sentry itself fills something in (a stack that grows, a page of a file), it has no
 * stopped context to tell the stub with. The stub then lags behind: the application faults there,
 * and the fault maps what the tree says.
 *
 * <p>Locks: the lock of a map is held while its stub carries operations out; fork takes the child's
 * inside the parent's. Below it come the monitors of the windows and of the account. A thread may
 * hold the lock of a file while it waits for that of a map, because the buffer of its read is not
 * there yet; so files are asked for descriptors before a map is locked and told of unmapping after
 * it ({@link dev.bulwark.sentry.mm.MappedFile}), never in between.
 *
 * <p>Raw memory ends here: who is outside gets typed copies, or the segments that {@link
 * dev.bulwark.sentry.mm.UserMemory#chunk} gives to {@code sentry.io}.
 */
package dev.bulwark.sentry.mm;
