package dev.bulwark.sentry.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import org.junit.jupiter.api.Test;

class ProcessSignalsTest {
  private final Sandbox sandbox = new Sandbox();
  private final Task task = sandbox.fork(sandbox.init);

  @Test
  void ignoredSignalIsDroppedUnlessBlocked() {
    SignalSender.send(task, Sandbox.kill(Signals.SIGWINCH));
    assertEquals(0, task.signals().ownPending());
    task.signals().setMask(SignalSet.of(Signals.SIGWINCH));
    SignalSender.send(task, Sandbox.kill(Signals.SIGWINCH));
    assertEquals(SignalSet.of(Signals.SIGWINCH), task.signals().ownPending());
    assertFalse(task.interrupted());
  }

  @Test
  void processSignalGoesToTheMainTaskFirstAndToAnotherWhenItBlocks() {
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    Task other = sandbox.thread(task);
    SignalSender.sendToProcess(task.process(), Sandbox.kill(Signals.SIGUSR1));
    assertTrue(task.interrupted());
    assertFalse(other.interrupted());
    assertNotNull(task.signals().take(-1));
    assertFalse(task.interrupted());

    task.signals().setMask(SignalSet.of(Signals.SIGUSR1));
    SignalSender.sendToProcess(task.process(), Sandbox.kill(Signals.SIGUSR1));
    assertFalse(task.interrupted());
    assertTrue(other.interrupted());
  }

  @Test
  void blockingAPendingSignalHandsItToAnotherTask() {
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    Task other = sandbox.thread(task);
    SignalSender.sendToProcess(task.process(), Sandbox.kill(Signals.SIGUSR1));
    task.signals().setMask(SignalSet.of(Signals.SIGUSR1));
    assertFalse(task.interrupted());
    assertTrue(other.interrupted());
  }

  @Test
  void unblockingFindsWhatIsPending() {
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    task.signals().setMask(SignalSet.of(Signals.SIGUSR1));
    SignalSender.send(task, Sandbox.kill(Signals.SIGUSR1));
    assertFalse(task.interrupted());
    task.signals().setMask(0);
    assertTrue(task.interrupted());
  }

  @Test
  void killAndStopCannotBeBlocked() {
    task.signals().setMask(-1);
    assertEquals(~SignalSet.UNBLOCKABLE, task.signals().mask());
  }

  @Test
  void fatalSignalEndsAllTasksAtOnce() {
    Task other = sandbox.thread(task);
    SignalSender.send(other, Sandbox.kill(Signals.SIGTERM));
    assertEquals(
        new WaitStatus.Signalled(Signals.SIGTERM, false), task.process().signals().exiting());
    assertTrue(task.signals().dying());
    assertTrue(other.signals().dying());
    assertTrue(task.interrupted());
  }

  @Test
  void firstProcessIgnoresSignalsFromInsideThatItDoesNotHandle() {
    Task init = sandbox.init;
    SignalSender.sendToProcess(init.process(), Sandbox.kill(Signals.SIGTERM));
    SignalSender.sendToProcess(init.process(), Sandbox.kill(Signals.SIGKILL));
    assertNull(init.process().signals().exiting());
    assertEquals(0, init.process().signals().sharedPending());
    Sandbox.handle(init, Signals.SIGTERM, 0);
    SignalSender.sendToProcess(init.process(), Sandbox.kill(Signals.SIGTERM));
    assertTrue(init.interrupted());
    SignalSender.sendFromOutside(init.process(), Sandbox.kill(Signals.SIGKILL));
    assertNotNull(init.process().signals().exiting());
  }

  @Test
  void stopAndContinueDiscardEachOther() {
    task.signals().setMask(SignalSet.of(Signals.SIGTSTP, Signals.SIGCONT));
    SignalSender.sendToProcess(task.process(), Sandbox.kill(Signals.SIGTSTP));
    SignalSender.sendToProcess(task.process(), Sandbox.kill(Signals.SIGCONT));
    assertEquals(SignalSet.CONTINUE, task.process().signals().sharedPending());
    SignalSender.send(task, Sandbox.kill(Signals.SIGTTIN));
    assertEquals(0, task.process().signals().sharedPending());
    SignalSender.sendToProcess(task.process(), Sandbox.kill(Signals.SIGCONT));
    assertEquals(0, task.signals().ownPending());
  }

  @Test
  void ignoringASignalDiscardsItWhereverItIsPending() {
    task.signals().setMask(SignalSet.of(Signals.SIGUSR1));
    SignalSender.send(task, Sandbox.kill(Signals.SIGUSR1));
    SignalSender.sendToProcess(task.process(), Sandbox.kill(Signals.SIGUSR1));
    task.process().signals().setAction(Signals.SIGUSR1, SignalAction.IGNORE);
    assertEquals(0, task.signals().ownPending());
    assertEquals(0, task.process().signals().sharedPending());
  }

  @Test
  void blockedFaultLosesItsHandler() {
    Sandbox.handle(task, Signals.SIGSEGV, 0);
    task.signals().setMask(SignalSet.of(Signals.SIGSEGV));
    SignalSender.force(task, SignalInfo.fault(Signals.SIGSEGV, 1, 0));
    assertTrue(task.process().signals().actions().get(Signals.SIGSEGV).isDefault());
    assertEquals(0, task.signals().mask());
    assertTrue(task.interrupted());
  }

  @Test
  void queueIsBoundedByTheLimitOfTheReceiversUser() {
    task.process().limits().set(Limits.SIGPENDING, 2, 2);
    task.signals().setMask(SignalSet.of(40));
    SignalInfo info = SignalInfo.queued(40, SignalInfo.SI_QUEUE, 1, 0, 0);
    assertEquals(0, SignalSender.send(task, info));
    assertEquals(0, SignalSender.sendToProcess(task.process(), info));
    assertEquals(-Errno.EAGAIN, SignalSender.send(task, info));
  }

  @Test
  void suspendedMaskComesBackUnlessASignalEndsTheCall() {
    task.signals().setMask(1);
    task.signals().suspendMask(2);
    assertEquals(2, task.signals().mask());
    task.signals().restoreMask(true);
    assertEquals(2, task.signals().mask());
    assertEquals(1, task.signals().maskForFrame());
    task.signals().frameHoldsMask();
    task.signals().suspendMask(4);
    task.signals().restoreMask(false);
    assertEquals(2, task.signals().mask());
  }

  @Test
  void othersLeaveForExec() {
    Task other = sandbox.thread(task);
    ProcessSignals signals = task.process().signals();
    assertTrue(signals.killOthers(task.signals()));
    assertFalse(signals.killOthers(other.signals()));
    assertTrue(other.signals().dying());
    assertFalse(task.signals().dying());
    assertFalse(signals.attach(new TaskSignals(other, signals)));
    signals.detach(other.signals());
    signals.endSurvival();
    assertEquals(1, signals.count());
    assertNull(signals.exiting());
  }

  @Test
  void killNeedsTheSameUserTheCapabilityOrTheSessionForCont() {
    Task sender = sandbox.fork(sandbox.init);
    Task victim = sandbox.fork(sandbox.init);
    sender.setCredentials(Credentials.of(1000, 1000, new int[0], 0));
    assertEquals(-Errno.EPERM, SignalSender.mayKill(sender, victim.process(), Signals.SIGTERM));
    assertEquals(0, SignalSender.mayKill(sender, victim.process(), Signals.SIGCONT));
    sandbox.tree.setSession(victim.process());
    assertEquals(-Errno.EPERM, SignalSender.mayKill(sender, victim.process(), Signals.SIGCONT));
    victim.setCredentials(sender.credentials().withUsers(1, 2, 1000, 2));
    assertEquals(0, SignalSender.mayKill(sender, victim.process(), Signals.SIGTERM));
  }

  @Test
  void endOfAChildSendsItsSignalAndWakesTheParent() {
    Sandbox.handle(task, Signals.SIGCHLD, 0);
    Task child = sandbox.fork(task);
    sandbox.tree.exit(child.process(), new WaitStatus.Exited(3));
    SignalInfo info = task.signals().take(SignalSet.of(Signals.SIGCHLD));
    assertEquals(
        SignalInfo.child(Signals.SIGCHLD, SignalInfo.CLD_EXITED, child.process().pid(), 0, 3, 0, 0),
        info);
  }
}
