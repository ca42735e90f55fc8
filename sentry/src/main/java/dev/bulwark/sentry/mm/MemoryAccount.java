package dev.bulwark.sentry.mm;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostMemory;
import dev.bulwark.platform.Vdso;
import dev.bulwark.sentry.ErrnoException;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the address spaces of a sandbox have in common: the limits on memory and addresses, the
 * measure of what is used, and the windows through which the Sentry sees mapped files. Memory is
 * measured, not counted: the host knows what each memory file holds. Thread-safe.
 */
public final class MemoryAccount {
  /** The limit of a sandbox that has none. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Each shared anonymous object costs a host descriptor, which are scarce. */
  private static final int MAX_SHARED = 4096;

  /** Areas take room in the Sentry's own heap: about 100 bytes each. */
  private static final int MAX_AREAS = 400_000;

  private static final long FRESH_NANOS = 50_000_000;

  private static final long MACHINE_BYTES = HostMemory.total();

  private volatile long limit;
  private final long lowestAddress;
  private final long limitAddress;
  private final FileWindows windows = new FileWindows();
  private final IdentityHashMap<Object, LongSupplier> sources = new IdentityHashMap<>();
  private final AtomicInteger areas = new AtomicInteger();
  private volatile @Nullable Vdso vdso;
  private int shared;
  private long measured;
  private long peak;
  private long measuredAt = System.nanoTime() - FRESH_NANOS;

  /**
   * An account with nothing in it.
   *
   * @param limit bytes, or {@link #UNLIMITED}
   * @param lowestAddress the lowest address that applications may map, as the platform says
   * @param limitAddress the first address that they may not
   */
  public MemoryAccount(long limit, long lowestAddress, long limitAddress) {
    this.limit = limit;
    this.lowestAddress = lowestAddress;
    this.limitAddress = limitAddress;
  }

  /** The lowest address that applications may map (vm.mmap_min_addr). */
  public long lowestAddress() {
    return lowestAddress;
  }

  /** The first address that applications may not map (TASK_SIZE). */
  public long limitAddress() {
    return limitAddress;
  }

  /** The vdso that all address spaces have beyond {@link #limitAddress}, or null. */
  @Nullable Vdso vdso() {
    return vdso;
  }

  /** Sets what {@link #vdso} gives. */
  public void setVdso(@Nullable Vdso image) {
    vdso = image;
  }

  /** The limit in bytes. */
  public long limit() {
    return limit;
  }

  /** Replaces the limit; what is used already is not taken away by this. */
  public void setLimit(long next) {
    limit = next;
  }

  /** The most bytes that were in use whenever that was measured. */
  public synchronized long peak() {
    return peak;
  }

  /**
   * Adds something that holds memory, such as a memory file or a file system.
   *
   * @param owner the key for {@link #forget}, compared by identity
   * @param bytes tells what it holds now; called under the account's lock, so it must neither block
   *     nor call the account
   */
  public synchronized void measure(Object owner, LongSupplier bytes) {
    sources.put(owner, bytes);
  }

  /**
   * Takes out what was added. When it returns, the supplier is not running and never runs again.
   */
  public synchronized void forget(Object owner) {
    sources.remove(owner);
  }

  /** Bytes of memory that the sandbox's applications hold, measured now. */
  public synchronized long used() {
    measured = 0;
    for (LongSupplier source : sources.values()) {
      measured += source.getAsLong();
    }
    measuredAt = System.nanoTime();
    peak = Math.max(peak, measured);
    return measured;
  }

  /** Whether more is used than the limit admits: someone must be made to give memory back. */
  public boolean overLimit() {
    return limit != UNLIMITED && used() > limit;
  }

  /**
   * Whether a request for memory makes sense, as Linux's overcommit heuristic sees it: one that
   * this machine could never meet is refused. The limit of a container is no reason to refuse (as
   * with Linux's cgroups, who touches too much is killed), not even while it is exceeded: somebody
   * is about to be killed for that, and asking alone takes nothing.
   */
  boolean admits(long bytes) {
    return limit == UNLIMITED || bytes <= Math.max(limit, MACHINE_BYTES);
  }

  /** Whether the limit was exceeded when that was last measured, at most 50 ms ago. */
  boolean exceeded() {
    return headroom() < 0;
  }

  /** How much more may be used, by a measurement that is at most 50 ms old. */
  synchronized long headroom() {
    if (limit == UNLIMITED) {
      return Long.MAX_VALUE;
    }
    if (System.nanoTime() - measuredAt >= FRESH_NANOS) {
      used();
    }
    return measured > limit ? -1 : Math.max(limit, MACHINE_BYTES);
  }

  /** How much can be filled at once without exceeding the limit. */
  long fillable() {
    return limit == UNLIMITED ? Long.MAX_VALUE : Math.max(0, limit - used());
  }

  synchronized void addShared() throws ErrnoException {
    if (shared == MAX_SHARED) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    shared++;
  }

  synchronized void removeShared() {
    shared--;
  }

  /** Counts areas that came or went. */
  void addAreas(int change) {
    areas.addAndGet(change);
  }

  /** Whether the sandbox may have so many areas more. */
  boolean admitsAreas(int more) {
    return areas.get() <= MAX_AREAS - more;
  }

  FileWindows windows() {
    return windows;
  }
}
