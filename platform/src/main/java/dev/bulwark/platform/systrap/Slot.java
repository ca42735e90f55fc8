package dev.bulwark.platform.systrap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The memory that one application thread and the Sentry share. The application can write all of it
 * at any time.
 */
final class Slot {
  private static final VarHandle INT = JAVA_INT.varHandle();
  private static final int FUTEX_WAIT = 0;
  private static final int FUTEX_WAKE = 1;
  private static final int SPINS_BETWEEN_CLOCKS = 16;

  private final MemorySegment memory;
  private final int index;

  /**
   * Wraps a slot.
   *
   * @param memory its {@link Layout#SLOT_SIZE} bytes as the Sentry sees them
   * @param index its place among the slots of the stub
   */
  Slot(MemorySegment memory, int index) {
    this.memory = memory;
    this.index = index;
  }

  int index() {
    return index;
  }

  /** Where the stub sees the slot. */
  long stubAddress() {
    return Layout.SLOTS_START + index * Layout.SLOT_SIZE;
  }

  int getInt(long offset) {
    return memory.get(JAVA_INT, offset);
  }

  void putInt(long offset, int value) {
    memory.set(JAVA_INT, offset, value);
  }

  long getLong(long offset) {
    return memory.get(JAVA_LONG, offset);
  }

  void putLong(long offset, long value) {
    memory.set(JAVA_LONG, offset, value);
  }

  /** A part of the slot. */
  MemorySegment part(long offset, long length) {
    return memory.asSlice(offset, length);
  }

  /** Zeroes the header before a thread starts in the slot; the turn is the stub's. */
  void prepare(int bases) {
    memory.asSlice(0, Layout.OPERATIONS).fill((byte) 0);
    putInt(Layout.BASES, bases);
    INT.setVolatile(memory, (long) Layout.TURN, Layout.TURN_STUB);
  }

  int turn() {
    return (int) INT.getVolatile(memory, (long) Layout.TURN);
  }

  /** Gives the turn to the stub with an order. */
  void order(int order) {
    putInt(Layout.MESSAGE, order);
    INT.setVolatile(memory, (long) Layout.TURN, Layout.TURN_STUB);
    if ((int) INT.getVolatile(memory, (long) Layout.STUB_ASLEEP) != 0) {
      wake();
    }
  }

  /** Ends every wait for a turn: the stub is gone for good. */
  void markDead() {
    INT.setVolatile(memory, (long) Layout.TURN, Layout.TURN_DEAD);
    wake();
  }

  private void wake() {
    HostCall.call(Sys.FUTEX, memory.address(), FUTEX_WAKE, Integer.MAX_VALUE);
  }

  /**
   * Waits for the stub to give the turn back, for {@link SpinBudget#NANOS} and without sleeping.
   *
   * @return true when that was enough
   */
  boolean spin() {
    long until = System.nanoTime() + SpinBudget.NANOS;
    do {
      for (int i = 0; i < SPINS_BETWEEN_CLOCKS; i++) {
        if ((int) INT.getAcquire(memory, (long) Layout.TURN) != Layout.TURN_STUB) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() < until);
    return false;
  }

  /**
   * Sleeps until the turn is not the stub's any more, or until something else wakes the futex.
   *
   * @param timeout address of a {@code struct timespec} with a duration, or 0 for none
   * @return the host's answer to futex(2): ETIMEDOUT negated when the time is over
   */
  long sleep(long timeout) {
    INT.setVolatile(memory, (long) Layout.SENTRY_ASLEEP, 1);
    long result = 0;
    if (turn() == Layout.TURN_STUB) {
      result =
          HostCall.call(Sys.FUTEX, memory.address(), FUTEX_WAIT, Layout.TURN_STUB, timeout, 0, 0);
    }
    INT.setVolatile(memory, (long) Layout.SENTRY_ASLEEP, 0);
    return result;
  }
}
