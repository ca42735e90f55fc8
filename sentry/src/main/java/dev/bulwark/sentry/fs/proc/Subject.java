package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.loader.Image;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.mm.MemorySizes;
import dev.bulwark.sentry.signal.TaskSignals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process or thread that a file of /proc is about. It may have ended, or its identifier may be
 * another's by now: every question is asked of what there is at the moment.
 *
 * @param process the process
 * @param tid the thread: the process's identifier for a file of /proc/PID itself
 * @param thread whether the file lies in a task directory, and so is about the thread alone
 */
record Subject(Kernel kernel, ThreadGroup process, int tid, boolean thread) {
  private static final MemorySizes NOTHING = new MemorySizes(0, 0, 0, 0, 0, 0, 0, 0);

  int pid() {
    return process.pid();
  }

  /** Whether the identifier still stands for it. */
  boolean exists() {
    if (thread || tid != process.pid()) {
      Task task = kernel.tasks().find(tid);
      return task != null && task.process().equals(process);
    }
    return process.equals(kernel.processes().find(process.pid()));
  }

  /** A living task to ask: the thread itself or, when a leader has ended, another; or null. */
  @Nullable Task task() {
    Task task = kernel.tasks().find(tid);
    if (task != null && task.process().equals(process)) {
      return task;
    }
    if (!thread) {
      for (TaskSignals other : process.signals().tasks()) {
        return other.task();
      }
    }
    return null;
  }

  /**
   * A living task to ask.
   *
   * @throws ErrnoException ESRCH for a zombie
   */
  Task living() throws ErrnoException {
    Task task = task();
    if (task == null) {
      throw ErrnoException.of(Errno.ESRCH);
    }
    return task;
  }

  /** The living tasks of the process. */
  List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    for (TaskSignals signals : process.signals().tasks()) {
      tasks.add(signals.task());
    }
    return tasks;
  }

  Credentials credentials() {
    Task task = task();
    return task == null ? process.signals().credentials() : task.credentials();
  }

  /** Who owns its files: root when the process keeps its own user from looking into it. */
  int owner() {
    return process.attributes().dumpable() ? credentials().euid() : 0;
  }

  /** The group of its files. */
  int ownerGroup() {
    return process.attributes().dumpable() ? credentials().egid() : 0;
  }

  /** The letter of /proc/PID/stat. */
  char state() {
    Task task = task();
    if (task == null) {
      return 'Z';
    }
    if (task.signals().stopped()) {
      return 'T';
    }
    return task.sleeping() ? 'S' : 'R';
  }

  /** The words that /proc/PID/status has for the state. */
  String stateWords() {
    return switch (state()) {
      case 'R' -> "R (running)";
      case 'T' -> "T (stopped)";
      case 'Z' -> "Z (zombie)";
      default -> "S (sleeping)";
    };
  }

  int parentPid() {
    return kernel.processes().parentPid(process);
  }

  int groupId() {
    return Math.max(0, kernel.processes().group(process, 0));
  }

  int sessionId() {
    return Math.max(0, kernel.processes().session(process, 0));
  }

  /** The memory, or null of a zombie. */
  @Nullable MemoryMap memory() {
    Task task = task();
    return task != null && task.memory() instanceof MemoryMap map ? map : null;
  }

  /** What was loaded, or null. */
  @Nullable Image image() {
    MemoryMap memory = memory();
    return memory == null ? null : memory.image();
  }

  /** The sizes of the memory, all zero of a zombie. */
  MemorySizes sizes() {
    MemoryMap memory = memory();
    return memory == null ? NOTHING : memory.sizes();
  }
}
