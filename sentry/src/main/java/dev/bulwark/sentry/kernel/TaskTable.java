package dev.bulwark.sentry.kernel;

import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The living tasks of a sandbox by their thread identifiers. Thread-safe. */
public final class TaskTable {
  private final ConcurrentHashMap<Integer, Task> tasks = new ConcurrentHashMap<>();

  /** No tasks. */
  public TaskTable() {}

  /** The task with an identifier, or null. */
  public @Nullable Task find(int tid) {
    return tasks.get(tid);
  }

  /** Adds a task that can be found from now on. */
  public void add(Task task) {
    tasks.put(task.tid(), task);
  }

  /** Takes out a task that has ended. */
  public void remove(Task task) {
    tasks.remove(task.tid(), task);
  }

  /** How many there are at about this moment. */
  long count() {
    return tasks.size();
  }

  /** The tasks at about this moment. */
  public Collection<Task> all() {
    return Collections.unmodifiableCollection(tasks.values());
  }
}
