package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryFile;
import dev.bulwark.sentry.vfs.DirectorySink;
import dev.bulwark.sentry.vfs.Inode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A directory whose names are always the same. Filled before it is used, constant afterwards. */
class ProcDirectory extends ProcInode {
  private final Map<String, ProcInode> children = new LinkedHashMap<>();
  private int directories;

  ProcDirectory(ProcSystem system, long number, int permissions, @Nullable Subject subject) {
    super(system, number, Attributes.DIRECTORY | permissions, subject);
  }

  /** Adds a name; returns this. */
  final ProcDirectory add(String name, ProcInode child) {
    children.put(name, child);
    if (child.isDirectory()) {
      directories++;
    }
    return this;
  }

  /** Adds a file about the system that everybody may read. */
  final ProcDirectory text(String name, ProcText.Source source) {
    return add(
        name, new ProcText(system(), system().nextNumber(), 0444, null, false, source, null));
  }

  /** Adds a file about the system that root may write. */
  final ProcDirectory setting(String name, ProcText.Source source, ProcText.Sink sink) {
    return add(
        name, new ProcText(system(), system().nextNumber(), 0644, null, false, source, sink));
  }

  /** Adds a directory about the system; returns the new one. */
  final ProcDirectory directory(String name) {
    ProcDirectory made = new ProcDirectory(system(), system().nextNumber(), 0555, null);
    add(name, made);
    return made;
  }

  @Override
  int links() {
    return 2 + directories;
  }

  @Override
  public @Nullable Inode lookup(String name) throws ErrnoException {
    return children.get(name);
  }

  /** How many positions the constant names take. */
  final int constantNames() {
    return children.size();
  }

  @Override
  public void readDirectory(long position, DirectorySink sink) throws ErrnoException {
    List<Map.Entry<String, ProcInode>> entries = new ArrayList<>(children.entrySet());
    for (long i = position - DirectoryFile.FIRST; i < entries.size(); i++) {
      Map.Entry<String, ProcInode> entry = entries.get((int) i);
      ProcInode inode = entry.getValue();
      long next = i + DirectoryFile.FIRST + 1;
      if (!sink.entry(entry.getKey(), inode.number(), inode.type(), next)) {
        return;
      }
    }
  }
}
