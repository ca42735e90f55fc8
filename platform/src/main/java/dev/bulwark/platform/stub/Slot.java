package dev.bulwark.platform.stub;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * The memory that one application thread and the Sentry share. The application can write all of it
 * at any time.
 *
 * <p>Words are accessed through buffers and ordered by fences: of what C1 compiles, which is all
 * that a Sentry runs, that takes 5 ns for a word where a segment's get takes 8, its set 19, and a
 * VarHandle's methods 20 and more; a system call looks at twenty words.
 */
public final class Slot {
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int SPINS_BETWEEN_CLOCKS = 16;

  private final MemorySegment memory;
  private final IntBuffer ints;
  private final LongBuffer longs;
  private final int index;

  /**
   * Wraps a slot.
   *
   * @param memory its {@link Layout#SLOT_SIZE} bytes as the Sentry sees them
   * @param index its place among the slots of the stub
   */
  Slot(MemorySegment memory, int index) {
    this.memory = memory;
    ByteBuffer bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    this.ints = bytes.asIntBuffer();
    this.longs = bytes.asLongBuffer();
    this.index = index;
  }

  /** Its place among the slots of the stub. */
  public int index() {
    return index;
  }

  /** Where the stub sees the slot. */
  public long stubAddress() {
    return Layout.SLOTS_START + index * Layout.SLOT_SIZE;
  }

  /** The word at a multiple of 4. */
  public int getInt(long offset) {
    return ints.get((int) (offset >> 2));
  }

  /** Writes the word at a multiple of 4. */
  public void putInt(long offset, int value) {
    ints.put((int) (offset >> 2), value);
  }

  /** The word at a multiple of 8. */
  public long getLong(long offset) {
    return longs.get((int) (offset >> 3));
  }

  /** Writes the word at a multiple of 8. */
  public void putLong(long offset, long value) {
    longs.put((int) (offset >> 3), value);
  }

  /** Stores a word after all that was stored before, and before all that is loaded afterwards. */
  private void putOrdered(long offset, int value) {
    VarHandle.releaseFence();
    putInt(offset, value);
    VarHandle.fullFence();
  }

  /** A part of the slot. */
  public MemorySegment part(long offset, long length) {
    return memory.asSlice(offset, length);
  }

  /** Zeroes the header before a thread starts in the slot; the turn is the stub's. */
  void prepare(int bases) {
    memory.asSlice(0, Layout.OPERATIONS).fill((byte) 0);
    putInt(Layout.BASES, bases);
    putOrdered(Layout.TURN, Layout.TURN_STUB);
  }

  /** Whose turn it is; what is loaded afterwards is at least as new. */
  public int turn() {
    int turn = getInt(Layout.TURN);
    VarHandle.acquireFence();
    return turn;
  }

  /** Gives the turn to the stub with an order. */
  public void order(int order) {
    putInt(Layout.MESSAGE, order);
    putOrdered(Layout.TURN, Layout.TURN_STUB);
    if (getInt(Layout.STUB_ASLEEP) != 0) {
      wake();
    }
  }

  /** Ends every wait for a turn: the stub is gone for good. */
  void markDead() {
    putOrdered(Layout.TURN, Layout.TURN_DEAD);
    wake();
  }

  private void wake() {
    HostCall.call(Sys.FUTEX, memory.address(), FUTEX_WAKE, Integer.MAX_VALUE);
  }

  /**
   * Waits for the stub to give the turn back, without sleeping.
   *
   * @param spinNanos how long
   * @return true when that was enough
   */
  public boolean spin(long spinNanos) {
    long began = 0;
    while (true) {
      for (int i = 0; i < SPINS_BETWEEN_CLOCKS; i++) {
        if (turn() != Layout.TURN_STUB) {
          return true;
        }
        Thread.onSpinWait();
      }
      long now = System.nanoTime();
      if (began == 0) {
        began = now; // most waits are over before the clock is asked
      } else if (now - began >= spinNanos) {
        return false;
      }
    }
  }

  /**
   * Sleeps until the turn is not the stub's any more, or until something else wakes the futex.
   *
   * @param timeout address of a {@code struct timespec} with a duration, or 0 for none
   * @return the host's answer to futex(2): ETIMEDOUT negated when the time is over
   */
  long sleep(long timeout) {
    putOrdered(Layout.SENTRY_ASLEEP, 1);
    long result = 0;
    if (turn() == Layout.TURN_STUB) {
      result =
          HostCall.call(Sys.FUTEX, memory.address(), FUTEX_WAIT, Layout.TURN_STUB, timeout, 0, 0);
    }
    putOrdered(Layout.SENTRY_ASLEEP, 0);
    return result;
  }
}
