package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryFile;
import dev.bulwark.sentry.vfs.DirectorySink;
import dev.bulwark.sentry.vfs.Inode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The task directory of a process: a directory for each of its threads. */
final class TaskList extends ProcInode {
  private final Subject about;

  TaskList(ProcSystem system, long number, Subject subject) {
    super(system, number, Attributes.DIRECTORY | 0555, subject);
    this.about = subject;
  }

  @Override
  int links() {
    return 2 + about.process().signals().count();
  }

  @Override
  public @Nullable Inode lookup(String name) throws ErrnoException {
    Subject thread = new Subject(about.kernel(), about.process(), RootDirectory.number(name), true);
    return thread.exists() ? new ProcessDirectory(system(), thread) : null;
  }

  @Override
  public void readDirectory(long position, DirectorySink sink) throws ErrnoException {
    List<Integer> tids = new ArrayList<>();
    for (Task task : about.tasks()) {
      tids.add(task.tid());
    }
    tids.sort(null);
    for (int tid : tids) {
      long at = DirectoryFile.FIRST + tid;
      if (at >= position) {
        long number = ProcessDirectory.number(tid, 1);
        if (!sink.entry(Integer.toString(tid), number, Attributes.DIRECTORY, at + 1)) {
          return;
        }
      }
    }
  }
}
