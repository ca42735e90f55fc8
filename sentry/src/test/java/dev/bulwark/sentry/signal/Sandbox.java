package dev.bulwark.sentry.signal;

import dev.bulwark.sentry.kernel.IdleContext;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.ProcessTree;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import java.util.Objects;

/** A kernel with processes and tasks that run nothing, for tests of signals. */
public final class Sandbox {
  public final Kernel kernel = new Kernel(new ChildNotices());
  public final ProcessTree tree = kernel.processes();
  public final Task init = task(tree.init(), 1);
  private int nextThread = 20000;

  /** A child of a process, with its first task. */
  public Task fork(Task parent) {
    ThreadGroup child = Objects.requireNonNull(tree.fork(parent.process(), false, Signals.SIGCHLD));
    return task(child, child.pid());
  }

  /** Another task of a process. */
  public Task thread(Task sibling) {
    return task(sibling.process(), nextThread++);
  }

  private Task task(ThreadGroup process, int tid) {
    Task task = new Task(tid, new IdleContext()).in(kernel, process);
    kernel.tasks().add(task);
    process.signals().attach(task.signals());
    return task;
  }

  /** Gives a signal a handler at 0x1000. */
  public static void handle(Task task, int signal, long flags) {
    task.process()
        .signals()
        .setAction(signal, new SignalAction(0x1000, flags | SignalAction.SA_RESTORER, 0x2000, 0));
  }

  /** A signal as kill(2) of pid 7 sends it. */
  public static SignalInfo kill(int signal) {
    return SignalInfo.user(signal, SignalInfo.SI_USER, 7, 0);
  }
}
