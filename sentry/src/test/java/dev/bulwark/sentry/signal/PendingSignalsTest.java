package dev.bulwark.sentry.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.bulwark.linux.Errno;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PendingSignalsTest {
  private static final long ALL = -1;
  private final SignalBudget budget = new SignalBudget();
  private final PendingSignals pending = new PendingSignals(budget);

  private int add(SignalInfo info) {
    return pending.add(info, null, 1000, 3);
  }

  private static SignalInfo realtime(int signal, long value) {
    return SignalInfo.queued(signal, SignalInfo.SI_QUEUE, 5, 1000, value);
  }

  private SignalInfo take() {
    return Objects.requireNonNull(pending.take(ALL));
  }

  @Test
  void standardSignalIsPendingOnceWithItsFirstInformation() {
    assertEquals(0, add(SignalInfo.user(Signals.SIGUSR1, 0, 1, 0)));
    assertEquals(1, add(SignalInfo.user(Signals.SIGUSR1, 0, 2, 0)));
    assertEquals(1, take().pid());
    assertNull(pending.take(ALL));
    assertEquals(0, budget.used(1000));
  }

  @Test
  void realTimeSignalsKeepTheirOrder() {
    add(realtime(40, 1));
    add(realtime(40, 2));
    add(realtime(35, 3));
    assertEquals(3, take().value());
    assertEquals(1, take().value());
    assertEquals(SignalSet.bit(40), pending.set());
    assertEquals(2, take().value());
    assertEquals(0, pending.set());
  }

  @Test
  void faultsComeBeforeLowerNumbers() {
    add(Sandbox.kill(Signals.SIGHUP));
    add(SignalInfo.fault(Signals.SIGSEGV, 1, 0x10));
    assertEquals(Signals.SIGSEGV, take().signo());
    assertEquals(Signals.SIGHUP, take().signo());
  }

  @Test
  void onlyWantedSignalsAreTaken() {
    add(Sandbox.kill(Signals.SIGHUP));
    assertNull(pending.take(SignalSet.of(Signals.SIGINT)));
    assertEquals(SignalSet.bit(Signals.SIGHUP), pending.set());
  }

  @Test
  void fullQueueRefusesQueuedRealTimeSignals() {
    for (int i = 0; i < 3; i++) {
      assertEquals(0, add(realtime(40, i)));
    }
    assertEquals(-Errno.EAGAIN, add(realtime(41, 0)));
    assertEquals(0, add(SignalInfo.kernel(Signals.SIGTERM)));
    take();
    take();
    assertEquals(0, add(realtime(41, 0)));
  }

  @Test
  void fullQueueKeepsTheFactOfAPlainKill() {
    for (int i = 0; i < 3; i++) {
      add(realtime(40, i));
    }
    assertEquals(0, add(SignalInfo.user(35, SignalInfo.SI_USER, 9, 9)));
    SignalInfo bare = take();
    assertEquals(35, bare.signo());
    assertEquals(0, bare.pid());
  }

  @Test
  void synchronousTakePassesFaultSignalsThatAnApplicationSent() {
    add(Sandbox.kill(Signals.SIGSEGV));
    add(SignalInfo.fault(Signals.SIGBUS, 2, 0x10));
    assertEquals(Signals.SIGBUS, Objects.requireNonNull(pending.takeSynchronous(ALL)).signo());
    assertNull(pending.takeSynchronous(ALL));
  }

  @Test
  void discardGivesTheRoomBack() {
    add(realtime(40, 1));
    add(realtime(40, 2));
    pending.discard(SignalSet.bit(40));
    assertEquals(0, pending.set());
    assertEquals(0, budget.used(1000));
  }

  @Test
  void ownerDecidesWhatIsCollected() {
    QueuedSignal timer =
        new QueuedSignal() {
          @Override
          public SignalInfo collect(SignalInfo queued) {
            return queued.withOverrun(4);
          }

          @Override
          public void discarded() {}
        };
    pending.add(SignalInfo.timer(34, 2, 0, 99), timer, 1000, 0);
    SignalInfo info = take();
    assertEquals(4, info.overrun());
    assertEquals(2, info.timerId());
    assertEquals(99, info.value());
  }
}
