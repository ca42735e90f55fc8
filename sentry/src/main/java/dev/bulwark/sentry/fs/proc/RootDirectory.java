package dev.bulwark.sentry.fs.proc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryFile;
import dev.bulwark.sentry.vfs.DirectorySink;
import dev.bulwark.sentry.vfs.Inode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The root of /proc: names about the system, and a directory for each process. */
final class RootDirectory extends ProcDirectory {
  private static final long ROOT = 1;

  /** The position of process 0: those of constant names stay below. */
  private static final long PROCESSES = 1000;

  RootDirectory(ProcSystem system) {
    super(system, ROOT, 0555, null);
    add("self", new ProcLink(system, system.nextNumber(), 0777, null, () -> "" + reader().pid()));
    add(
        "thread-self",
        new ProcLink(
            system,
            system.nextNumber(),
            0777,
            null,
            () -> reader().pid() + "/task/" + Reader.current().tid()));
  }

  private static ThreadGroup reader() throws ErrnoException {
    return Reader.current().process();
  }

  /** The task that reads a link. */
  private static final class Reader {
    private Reader() {}

    static Task current() throws ErrnoException {
      Task task = Task.current();
      if (task == null) {
        throw ErrnoException.of(Errno.ENOENT);
      }
      return task;
    }
  }

  /** A number without sign or leading zero, or -1. */
  static int number(String name) {
    if (name.isEmpty() || name.length() > 9 || name.charAt(0) == '0') {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  @Override
  public @Nullable Inode lookup(String name) throws ErrnoException {
    int tid = number(name);
    if (tid < 0) {
      return super.lookup(name);
    }
    ThreadGroup process = system().kernel().processes().find(tid);
    if (process == null) {
      // Threads have a directory too, though none that is listed.
      Task task = system().kernel().tasks().find(tid);
      if (task == null) {
        return null;
      }
      process = task.process();
    }
    return new ProcessDirectory(system(), new Subject(system().kernel(), process, tid, false));
  }

  @Override
  public void readDirectory(long position, DirectorySink sink) throws ErrnoException {
    if (position < DirectoryFile.FIRST + constantNames()) {
      boolean[] full = new boolean[1];
      super.readDirectory(
          position,
          (name, inode, type, next) -> {
            full[0] = !sink.entry(name, inode, type, next);
            return !full[0];
          });
      if (full[0]) {
        return;
      }
    }
    List<Integer> pids = new ArrayList<>();
    for (ThreadGroup process : system().kernel().processes().all()) {
      pids.add(process.pid());
    }
    pids.sort(null);
    for (int pid : pids) {
      if (PROCESSES + pid >= position) {
        String name = Integer.toString(pid);
        long inode = ProcessDirectory.number(pid, 0);
        if (!sink.entry(name, inode, Attributes.DIRECTORY, PROCESSES + pid + 1)) {
          return;
        }
      }
    }
  }
}
