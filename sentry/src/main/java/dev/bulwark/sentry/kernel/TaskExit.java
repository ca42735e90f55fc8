package dev.bulwark.sentry.kernel;

import dev.bulwark.platform.Context;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.futex.FutexTable;
import dev.bulwark.sentry.futex.RobustList;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.signal.Delivery;
import dev.bulwark.sentry.trace.Tracer;
import dev.bulwark.sentry.tty.ControllingTerminal;

/** What happens when a task ends, in the order of Linux's do_exit. */
final class TaskExit {
  private TaskExit() {}

  /** Ends the calling thread's task, and its process when it is the last one. */
  static void finish(Task task) {
    ThreadGroup process = task.process();
    trace(task);
    releaseMemory(task);
    try (MemoryMap memory = task.memoryMap();
        Context _ = task.context()) {
      process.noteResident(memory.sizes().peakResident() >> 10);
      task.closeFiles();
      process.cpu().taskEnded(task.systemNanos());
      process.taskEnded(task);
      task.kernel().tasks().remove(task);
      task.kernel().processes().releaseThread(process, task.tid());
      Delivery.leave(task);
      if (process.signals().count() == 0 && process.lastEnded()) {
        ControllingTerminal.processEnds(task.kernel().processes(), process);
        process.timers().exited();
        task.kernel().ipc().exited(process);
        process.inhabit(null);
        memory.abandon();
        task.kernel().exited(process, process.finalStatus());
      }
    }
  }

  private static void trace(Task task) {
    Tracer tracer = task.kernel().tracer();
    if (tracer != null) {
      WaitStatus whole = task.process().signals().exiting();
      WaitStatus own = task.exitStatus();
      tracer.ended(task, whole != null ? whole : own != null ? own : new WaitStatus.Exited(0));
    }
  }

  /**
   * What a task owes others when it leaves its memory, by ending or by execve(2): whoever waits on
   * its thread identifier or its robust futexes, and the parent that waits since vfork(2).
   */
  static void releaseMemory(Task task) {
    RobustList.release(task);
    task.kernel().ownedFutexes().ended(task);
    long clearTid = task.clearTid();
    task.setClearTid(0);
    if (clearTid != 0) {
      clear(task, clearTid);
    }
    VforkWait wait = task.takeVfork();
    if (wait != null) {
      wait.release();
    }
  }

  private static void clear(Task task, long address) {
    try {
      MemoryMap memory = task.memoryMap();
      if (memory.users() > 1) { // nobody else could look
        memory.putInt(address, 0);
        task.kernel().futexes().wake(memory.futexKey(address, false), 1, FutexTable.ANY);
      }
    } catch (ErrnoException e) {
      return; // a bad address is the application's own loss
    }
  }
}
