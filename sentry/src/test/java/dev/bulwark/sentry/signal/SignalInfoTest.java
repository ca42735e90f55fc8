package dev.bulwark.sentry.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class SignalInfoTest {
  private static ByteBuffer bytes(SignalInfo info) {
    return ByteBuffer.wrap(info.encode()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Offsets as offsetof() of glibc's siginfo_t gives them on x86-64. */
  @Test
  void childLiesWhereTheHeaderSays() {
    ByteBuffer b =
        bytes(SignalInfo.child(Signals.SIGCHLD, SignalInfo.CLD_KILLED, 12, 1000, 9, 70, 80));
    assertEquals(SignalInfo.SIZE, b.capacity());
    assertEquals(Signals.SIGCHLD, b.getInt(0));
    assertEquals(0, b.getInt(4));
    assertEquals(SignalInfo.CLD_KILLED, b.getInt(8));
    assertEquals(12, b.getInt(16));
    assertEquals(1000, b.getInt(20));
    assertEquals(9, b.getInt(24));
    assertEquals(70, b.getLong(32));
    assertEquals(80, b.getLong(40));
  }

  @Test
  void timerLiesWhereTheHeaderSays() {
    ByteBuffer b = bytes(SignalInfo.timer(34, 3, 5, -2));
    assertEquals(SignalInfo.SI_TIMER, b.getInt(8));
    assertEquals(3, b.getInt(16));
    assertEquals(5, b.getInt(20));
    assertEquals(-2, b.getLong(24));
  }

  @Test
  void faultAndPollLieWhereTheHeaderSays() {
    assertEquals(0xdead000, bytes(SignalInfo.fault(Signals.SIGSEGV, 1, 0xdead000)).getLong(16));
    ByteBuffer poll = bytes(SignalInfo.poll(Signals.SIGIO, 1, 0x41, 7));
    assertEquals(0x41, poll.getLong(16));
    assertEquals(7, poll.getInt(24));
  }

  @Test
  void queuedBytesArriveAsTheyWere() {
    SignalInfo info = SignalInfo.queued(40, SignalInfo.SI_QUEUE, -1, -2, Long.MIN_VALUE + 3);
    assertEquals(info, SignalInfo.decode(info.encode(), 40));
    assertEquals(-1, info.pid());
    assertEquals(-2, info.uid());
  }
}
