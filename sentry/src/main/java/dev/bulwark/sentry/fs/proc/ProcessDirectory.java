package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.kernel.ProcessReference;
import dev.bulwark.sentry.kernel.ThreadGroup;
import org.jspecify.annotations.Nullable;

/** The directory of a process or of one of its threads. */
final class ProcessDirectory extends ProcDirectory implements ProcessReference {
  private final Subject about;
  private int slots;

  ProcessDirectory(ProcSystem system, Subject subject) {
    super(system, number(subject.tid(), subject.thread() ? 1 : 0), 0555, subject);
    this.about = subject;
    this.slots = subject.thread() ? 2000 : 2;
    ProcessFiles.addTo(this);
    if (!subject.thread()) {
      add("task", new TaskList(system, number(subject.tid(), 1000), subject));
    }
    add("fd", new FdDirectory(system, number(subject.tid(), slots++), subject, false));
    add("fdinfo", new FdDirectory(system, number(subject.tid(), slots++), subject, true));
  }

  /** The number of an inode that is about a process: unlike all others, and always the same. */
  static long number(int tid, long slot) {
    return ((long) tid << 32) | slot;
  }

  @Override
  public ThreadGroup process() {
    return about.process();
  }

  Subject about() {
    return about;
  }

  /** The number of another inode about the process. */
  long takeNumber() {
    return number(about.tid(), slots++);
  }

  /** Adds a file that everybody may read. */
  ProcessDirectory shown(String name, ProcText.Source source) {
    return file(name, 0444, false, source, null);
  }

  /** Adds a file for those who could trace the process. */
  ProcessDirectory secret(String name, int mode, ProcText.Source source) {
    return file(name, mode, true, source, null);
  }

  /** Adds a file that can be written. */
  ProcessDirectory setting(
      String name, int mode, ProcText.Source source, ProcText.@Nullable Sink sink) {
    return file(name, mode, false, source, sink);
  }

  private ProcessDirectory file(
      String name,
      int mode,
      boolean guarded,
      ProcText.Source source,
      ProcText.@Nullable Sink sink) {
    add(name, new ProcText(system(), takeNumber(), mode, about, guarded, source, sink));
    return this;
  }

  /** Adds a link for those who could trace the process. */
  ProcessDirectory link(String name, ProcLink.Target target) {
    add(name, new ProcLink(system(), takeNumber(), 0777, about, target));
    return this;
  }

  /** Adds another inode, made with the number that is its own. */
  ProcessDirectory inode(String name, java.util.function.LongFunction<ProcInode> maker) {
    add(name, maker.apply(takeNumber()));
    return this;
  }
}
