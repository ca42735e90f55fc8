package dev.bulwark.sentry.futex;

/**
 * What tells futexes apart.
 *
 * @param owner the address space of a private futex, or the memory object of a shared one; compared
 *     by identity
 * @param offset the address, or the offset in the memory object, of the word; a multiple of 4
 */
public record FutexKey(Object owner, long offset) {
  @Override
  @SuppressWarnings(
      "ReferenceEquality") // two owners that look alike are still two places in memory
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof FutexKey key && key.owner == owner && key.offset == offset;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(owner) * 31 + Long.hashCode(offset >>> 2);
  }
}
