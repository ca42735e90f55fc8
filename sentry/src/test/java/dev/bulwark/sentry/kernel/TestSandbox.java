package dev.bulwark.sentry.kernel;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.signal.ChildNotices;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.syscall.Topics;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.FileDescription;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;

/** A kernel with one process, whose tasks make calls from Java threads. */
public final class TestSandbox {
  private static final long MEMORY = 8 << 20;

  /** The kernel. */
  public final Kernel kernel = new Kernel(new ChildNotices());

  /** What all tasks see. */
  public final FlatMemory memory = new FlatMemory(MEMORY);

  /** What all tasks share. */
  public final FdTable files = new FdTable();

  /** A task that the test's own thread runs. */
  public final Task task;

  private final SyscallTable table = Topics.table();

  /** A sandbox in which nothing is open. */
  public TestSandbox() {
    task = newTask(1);
    task.adopt();
  }

  /** Another task of the process. */
  public Task newTask(int tid) {
    Task made = new Task(tid, new IdleContext()).in(kernel, kernel.processes().init());
    kernel.tasks().add(made);
    made.process().signals().attach(made.signals());
    made.setMemory(memory);
    made.setFiles(files);
    return made;
  }

  /** Makes a system call on a task. */
  public long call(Task caller, int number, long... arguments) {
    long[] a = java.util.Arrays.copyOf(arguments, 6);
    return table.dispatch(caller, number, a[0], a[1], a[2], a[3], a[4], a[5]);
  }

  /** Makes a system call on the test's task. */
  public long call(int number, long... arguments) {
    return call(task, number, arguments);
  }

  /** Starts a thread for a task, which makes blocking calls there. */
  public CompletableFuture<Long> start(Task caller, ToLongFunction<Task> calls) {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              caller.adopt();
              try {
                result.complete(calls.applyAsLong(caller));
              } catch (Throwable t) {
                result.completeExceptionally(t);
              }
            });
    return result;
  }

  /** The file behind a descriptor, as long as it stays open. */
  public FileDescription file(long fd) {
    try (FileDescription file = files.acquire((int) fd)) {
      return file;
    } catch (ErrnoException e) {
      throw new AssertionError("descriptor " + fd, e);
    }
  }

  /** Returns once somebody waits on the file. */
  public void awaitWaiter(FileDescription file) {
    while (file.waitQueue() == null || file.waitQueue().isEmpty()) {
      Thread.onSpinWait();
    }
  }

  /** Stores a string in application memory and gives its address. */
  public long put(long offset, String text) {
    try {
      memory.write(FlatMemory.BASE + offset, text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
    return FlatMemory.BASE + offset;
  }

  /** A string in application memory. */
  public String get(long offset, long length) {
    try {
      return new String(
          memory.readBytes(FlatMemory.BASE + offset, (int) length), StandardCharsets.ISO_8859_1);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  /** A 32-bit value in application memory. */
  public int getInt(long offset) {
    try {
      return memory.getInt(FlatMemory.BASE + offset);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  /** A 64-bit value in application memory. */
  public long getLong(long offset) {
    try {
      return memory.getLong(FlatMemory.BASE + offset);
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  /** Stores 64-bit values in application memory and gives their address. */
  public long putLongs(long offset, long... values) {
    try {
      for (int i = 0; i < values.length; i++) {
        memory.putLong(FlatMemory.BASE + offset + 8L * i, values[i]);
      }
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
    return FlatMemory.BASE + offset;
  }

  /** Stores 32-bit values in application memory and gives their address. */
  public long putInts(long offset, int... values) {
    try {
      for (int i = 0; i < values.length; i++) {
        memory.putInt(FlatMemory.BASE + offset + 4L * i, values[i]);
      }
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
    return FlatMemory.BASE + offset;
  }
}
