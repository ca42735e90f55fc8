package dev.bulwark.sentry.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.sentry.kernel.ProcessTree.Waited;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitFor;
import dev.bulwark.sentry.kernel.WaitStatus;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class JobControlTest {
  private static final WaitFor CHANGES =
      new WaitFor(WaitFor.Target.ANY, 0, true, true, true, false, WaitFor.Kind.ORDINARY);

  private final Sandbox sandbox = new Sandbox();
  private final Task shell = sandbox.fork(sandbox.init);
  private final Task task = sandbox.fork(shell);
  private final Task other = sandbox.thread(task);

  /** Lets a task go back to its application on a thread of its own. */
  private static CompletableFuture<Decision> run(Task task) {
    CompletableFuture<Decision> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              task.adopt();
              result.complete(Delivery.deliver(task, -1));
            });
    return result;
  }

  @AfterEach
  void endEverything() {
    SignalSender.sendToProcess(task.process(), SignalInfo.kernel(Signals.SIGKILL));
  }

  private WaitStatus changeOfChild() throws InterruptedException {
    while (true) {
      Waited waited = Objects.requireNonNull(sandbox.tree.poll(shell.process(), CHANGES));
      if (waited.status() != null) {
        return waited.status();
      }
      Thread.onSpinWait();
    }
  }

  private void send(int signal) {
    SignalSender.sendToProcess(task.process(), Sandbox.kill(signal));
  }

  @Test
  void processStopsWhenAllItsTasksHaveAndGoesOnWithCont() throws Exception {
    Sandbox.handle(shell, Signals.SIGCHLD, 0);
    send(Signals.SIGSTOP);
    CompletableFuture<Decision> first = run(task);
    while (!task.signals().stopped()) {
      Thread.onSpinWait();
    }
    assertTrue(other.interrupted());
    assertFalse(task.process().signals().stopComplete());
    CompletableFuture<Decision> second = run(other);
    assertEquals(new WaitStatus.Stopped(Signals.SIGSTOP), changeOfChild());
    SignalInfo told = Objects.requireNonNull(shell.signals().take(-1));
    assertEquals(SignalInfo.CLD_STOPPED, told.code());
    assertEquals(Signals.SIGSTOP, told.status());

    send(Signals.SIGCONT);
    assertEquals(Decision.GO_ON, first.get());
    assertEquals(Decision.GO_ON, second.get());
    assertEquals(new WaitStatus.Continued(), changeOfChild());
    assertEquals(SignalInfo.CLD_CONTINUED, Objects.requireNonNull(shell.signals().take(-1)).code());
  }

  @Test
  void killEndsAStoppedProcess() throws Exception {
    send(Signals.SIGSTOP);
    CompletableFuture<Decision> first = run(task);
    CompletableFuture<Decision> second = run(other);
    assertEquals(new WaitStatus.Stopped(Signals.SIGSTOP), changeOfChild());
    send(Signals.SIGKILL);
    Decision end = new Decision.End(new WaitStatus.Signalled(Signals.SIGKILL, false));
    assertEquals(end, first.get());
    assertEquals(end, second.get());
  }

  @Test
  void otherSignalsWaitUntilAStoppedProcessGoesOn() throws Exception {
    Delivery.leave(other);
    send(Signals.SIGSTOP);
    CompletableFuture<Decision> result = run(task);
    assertEquals(new WaitStatus.Stopped(Signals.SIGSTOP), changeOfChild());
    Sandbox.handle(task, Signals.SIGUSR1, 0);
    send(Signals.SIGUSR1);
    assertTrue(task.signals().stopped());
    assertFalse(result.isDone());
    task.process().signals().setAction(Signals.SIGUSR1, SignalAction.IGNORE);
    send(Signals.SIGCONT);
    assertEquals(Decision.GO_ON, result.get());
  }

  @Test
  void lastTaskThatEndsInsteadOfStoppingCompletesTheStop() throws Exception {
    send(Signals.SIGSTOP);
    CompletableFuture<Decision> result = run(task);
    while (!task.signals().stopped()) {
      Thread.onSpinWait();
    }
    Delivery.leave(other);
    assertEquals(new WaitStatus.Stopped(Signals.SIGSTOP), changeOfChild());
    send(Signals.SIGCONT);
    assertEquals(Decision.GO_ON, result.get());
  }

  @Test
  void terminalStopDoesNotStopAnOrphanedGroup() {
    task.adopt();
    sandbox.tree.setSession(task.process());
    send(Signals.SIGTSTP);
    assertEquals(Decision.GO_ON, Delivery.deliver(task, -1));
    assertFalse(task.signals().stopped());
  }

  @Test
  void parentThatAskedForItHearsOnlyOfEnds() throws Exception {
    Delivery.leave(other);
    Sandbox.handle(shell, Signals.SIGCHLD, SignalAction.SA_NOCLDSTOP);
    send(Signals.SIGSTOP);
    CompletableFuture<Decision> result = run(task);
    assertEquals(new WaitStatus.Stopped(Signals.SIGSTOP), changeOfChild());
    assertNull(shell.signals().take(-1));
    send(Signals.SIGCONT);
    assertEquals(Decision.GO_ON, result.get());
  }
}
