package dev.bulwark.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Waits for some descriptors at once, poll(2). Belongs to one thread. */
public final class HostPoll implements AutoCloseable {
  private static final int POLLIN = 1;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment entries;
  private final int count;

  /** Prepares to wait until one of the descriptors is readable, closed or, a pidfd, dead. */
  public HostPoll(int... descriptors) {
    count = descriptors.length;
    entries = arena.allocate(JAVA_LONG, count);
    for (int i = 0; i < count; i++) {
      entries.setAtIndex(JAVA_LONG, i, (descriptors[i] & 0xffffffffL) | (long) POLLIN << 32);
    }
  }

  /**
   * Waits.
   *
   * @param milliseconds the longest to wait; negative for ever
   * @return how many are ready: 0 after the time or a signal
   */
  public int await(int milliseconds) {
    return (int) Math.max(0, HostCall.call(Sys.POLL, entries.address(), count, milliseconds));
  }

  /** Whether the descriptor at an index was ready at the end of the last wait. */
  public boolean ready(int index) {
    return entries.getAtIndex(JAVA_LONG, index) >>> 48 != 0;
  }

  /** Stops looking at the descriptor at an index. */
  public void forget(int index) {
    entries.setAtIndex(JAVA_LONG, index, 0xffffffffL);
  }

  @Override
  public void close() {
    arena.close();
  }
}
