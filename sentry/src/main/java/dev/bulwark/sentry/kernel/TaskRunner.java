package dev.bulwark.sentry.kernel;

import dev.bulwark.platform.Context;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Fault;
import dev.bulwark.sentry.signal.Decision;
import dev.bulwark.sentry.signal.Delivery;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import org.jspecify.annotations.Nullable;

/**
 * The life of a task on its Java thread: lets the application run, answers its calls and faults,
 * delivers signals, until the task ends.
 */
final class TaskRunner implements Runnable {
  private static final long NO_CALL = -1;
  private static final int SIGKILL = 9;

  private final Task task;

  TaskRunner(Task task) {
    this.task = task;
  }

  @Override
  public void run() {
    task.adopt();
    task.identify();
    try {
      while (step()) {
        // a step says when the task ends
      }
    } catch (RuntimeException | Error fault) {
      // A mistake of the Sentry must not take other processes down, nor go unseen.
      task.kernel().faulted(task, fault);
      task.process().signals().exitGroup(new WaitStatus.Signalled(SIGKILL, false));
    } finally {
      TaskExit.finish(task);
    }
  }

  /** From one stop of the application to the next; false when the task ends. */
  private boolean step() {
    if (task.interrupted() && !deliver(NO_CALL)) {
      return false;
    }
    Context context = task.context();
    Event event = context.run();
    return switch (event) {
      case SYSCALL -> {
        long site = context.hotCallSite();
        if (site != 0) {
          task.memoryMap().patchCall(context, site);
        }
        yield answer((int) context.syscallNumber());
      }
      case FAULT -> {
        fault(context.fault());
        yield true;
      }
      case KICKED -> true;
      case DIED -> {
        died();
        yield false;
      }
    };
  }

  /** Answers a call; of its number Linux looks at the lower half alone. */
  private boolean answer(int number) {
    Context context = task.context();
    long result =
        task.kernel()
            .dispatch(
                task,
                number,
                context.argument(0),
                context.argument(1),
                context.argument(2),
                context.argument(3),
                context.argument(4),
                context.argument(5));
    if (task.exiting()) {
      return false;
    }
    // execve(2) has brought another context.
    task.context().setResult(result);
    return !Delivery.needed(task, result) || deliver(number);
  }

  private boolean deliver(long call) {
    Decision decision = Delivery.deliver(task, call);
    return decision instanceof Decision.GoOn;
  }

  private void fault(Fault fault) {
    SignalInfo signal = task.memoryMap().handleFault(task.context(), fault);
    if (signal != null) {
      task.signals().noteFault(fault);
      SignalSender.force(task, signal);
    }
  }

  /** The stub is gone: by our own doing, or because the application tampered with it. */
  private void died() {
    int status = task.context().addressSpace().deathStatus();
    if (status >= 0) {
      int signal = status & 0x7f;
      task.process()
          .signals()
          .exitGroup(new WaitStatus.Signalled(signal == 0 ? SIGKILL : signal, false));
    }
  }

  /** The Java thread's name, for thread dumps. */
  static String name(int tid, @Nullable String command) {
    return command == null ? "task-" + tid : "task-" + tid + " " + command;
  }
}
