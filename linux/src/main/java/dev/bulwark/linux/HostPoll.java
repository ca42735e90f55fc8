package dev.bulwark.linux;

/** Waits for some descriptors at once, poll(2). Belongs to one thread. */
public final class HostPoll {
  private static final int POLLIN = 1;

  private final NativeMemory entries;
  private final int count;

  /** Prepares to wait until one of the descriptors is readable, closed or, a pidfd, dead. */
  public HostPoll(int... descriptors) {
    count = descriptors.length;
    entries = NativeMemory.allocate(Long.BYTES * count);
    for (int i = 0; i < count; i++) {
      entries.putLong(Long.BYTES * i, (descriptors[i] & 0xffffffffL) | (long) POLLIN << 32);
    }
  }

  /**
   * Waits.
   *
   * @param milliseconds the longest to wait; negative for ever
   * @return how many are ready: 0 after the time or a signal
   */
  public int await(int milliseconds) {
    long ready = HostCall.call(Sys.POLL, entries.address(), count, milliseconds);
    entries.keep();
    return (int) Math.max(0, ready);
  }

  /** Whether the descriptor at an index was ready at the end of the last wait. */
  public boolean ready(int index) {
    return entries.getLong(Long.BYTES * index) >>> 48 != 0;
  }

  /** Stops looking at the descriptor at an index. */
  public void forget(int index) {
    entries.putLong(Long.BYTES * index, 0xffffffffL);
  }
}
