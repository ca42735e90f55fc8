package dev.bulwark.platform;

import org.jspecify.annotations.Nullable;

/**
 * One application address space. Operations are queued by the {@code map}, {@code unmap} and {@code
 * protect} methods and carried out, in order, by {@link #commit}, or on the way of the next {@link
 * Context#run} of the context that was given: that context executes them, so it must be stopped and
 * belong to the calling thread. Callers serialise operations on one address space among themselves
 * (the Sentry does so with the lock of its memory map).
 */
public interface AddressSpace extends AutoCloseable {

  /** The context that was made with the address space. */
  Context firstContext();

  /** The memory file that this address space alone may map writable. */
  MemoryFile memory();

  /**
   * Maps pages of the own memory file, shared, replacing what was there.
   *
   * @param via a stopped context of this address space
   * @param address page-aligned start
   * @param length bytes, a multiple of the page size
   * @param protection PROT_READ, PROT_WRITE and PROT_EXEC bits; 0 maps pages that cannot be touched
   * @param offset page-aligned offset in the memory file
   */
  void mapMemory(Context via, long address, long length, int protection, long offset);

  /**
   * As {@link #mapMemory}, for pages that the memory file holds already: the platform may map them
   * at once rather than when they are touched.
   */
  default void mapPresent(Context via, long address, long length, int protection, long offset) {
    mapMemory(via, address, length, protection, offset);
  }

  /**
   * Maps pages of another file, shared, replacing what was there. The descriptor is handed to the
   * stub for good: whatever it permits (its open mode), the application may do. The caller may
   * close its own copy after the commit.
   *
   * @param fd a descriptor of this process whose open mode admits {@code protection}
   */
  void mapFile(Context via, long address, long length, int protection, int fd, long offset);

  /** Unmaps a range; parts that are not mapped are no error. */
  void unmap(Context via, long address, long length);

  /** Changes the protection of a range that is mapped throughout. */
  void protect(Context via, long address, long length, int protection);

  /**
   * Carries out what is queued.
   *
   * @return 0, or the errno negated of the first operation that the host refused; later ones are
   *     then not made. -ESRCH when the stub has died.
   */
  int commit(Context via);

  /**
   * The call sites that may be changed so that they do not trap, or null on a platform that cannot
   * or shall not answer such calls.
   */
  default @Nullable CallSites callSites() {
    return null;
  }

  /** The process of the host in which the address space lives, as this process numbers it. */
  int hostPid();

  /** CPU time of all application threads that ever ran here, in nanoseconds. */
  long cpuTimeNanos();

  /**
   * How the stub ended, as wait4(2) reports it, or -1 while it lives or when it ended because of
   * {@link #close}. A stub that its seccomp filter killed shows signal SIGSYS.
   */
  int deathStatus();

  /**
   * Has somebody told when the stub dies by other means than {@link #close}, also while all its
   * contexts are stopped; at once if it is dead already. Called on a thread of the platform's; must
   * not block.
   */
  void addMourner(Runnable mourner);

  /** Takes one back that {@link #addMourner} added. */
  void removeMourner(Runnable mourner);

  /**
   * Kills the stub, without waiting for its end. Contexts of it that run return {@link Event#DIED}.
   * The memory file and everything else go when the stub is dead and the last context is closed.
   */
  @Override
  void close();
}
