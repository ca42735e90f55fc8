package dev.bulwark.sentry.mm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.bulwark.sentry.futex.FutexWord;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** A word of application memory, shared with the application's own atomic instructions. */
final class UserWord implements FutexWord {
  private static final VarHandle WORD = JAVA_INT.varHandle();

  private final MemorySegment memory;

  /** The word in four aligned bytes. */
  UserWord(MemorySegment memory) {
    this.memory = memory;
  }

  @Override
  public int load() {
    return (int) WORD.getVolatile(memory, 0L);
  }

  @Override
  public boolean compareAndSet(int expected, int value) {
    return WORD.compareAndSet(memory, 0L, expected, value);
  }
}
