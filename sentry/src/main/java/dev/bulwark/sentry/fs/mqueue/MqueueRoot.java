package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryEntry;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.SnapshotDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The directory of the queues, where everybody may make some. */
final class MqueueRoot extends MemoryInode {
  private static final int MODE = Attributes.DIRECTORY | 01777;
  private static final int ENTRY_SIZE = 20;

  private final MqueueSystem system;
  private final Map<String, MqueueInode> names = new LinkedHashMap<>();

  @SuppressWarnings("this-escape") // only counts
  MqueueRoot(MqueueSystem system) {
    super(system, system.nextNumber(), new NewFile(MODE, 0, 0));
    this.system = system;
    countLinks(1);
  }

  @Override
  public synchronized @Nullable Inode lookup(String name) {
    return names.get(name);
  }

  @Override
  public synchronized long size() {
    return (long) names.size() * ENTRY_SIZE;
  }

  /** Makes a queue of the usual size, as creating its file does. */
  @Override
  public Inode create(String name, NewFile file) throws ErrnoException {
    return create(name, file, QueueAttributes.USUAL);
  }

  /**
   * Makes a queue for the current task; called with the directory's monitor held.
   *
   * @throws ErrnoException EINVAL, ENOSPC, EMFILE, ENOMEM
   */
  synchronized MqueueInode create(String name, NewFile file, QueueAttributes attributes)
      throws ErrnoException {
    Task task = Task.current();
    if (task == null) {
      throw ErrnoException.of(Errno.EPERM);
    }
    Credentials who = task.credentials();
    attributes.check(who);
    long limit = task.process().limits().soft(Limits.MSGQUEUE);
    system.budget().take(attributes.bytes(), who, limit);
    MqueueInode made = new MqueueInode(system, file, attributes, who.uid());
    names.put(name, made);
    touchModified();
    return made;
  }

  @Override
  public void unlink(String name, Inode child) {
    synchronized (this) {
      names.remove(name);
      touchModified();
    }
    ((MqueueInode) child).unlinked();
  }

  private synchronized List<DirectoryEntry> entries() {
    List<DirectoryEntry> entries = new ArrayList<>();
    names.forEach(
        (name, inode) -> entries.add(new DirectoryEntry(name, inode.number(), inode.type())));
    return entries;
  }

  @Override
  public FileDescription open(Opening opening) {
    return new SnapshotDirectory(opening) {
      @Override
      protected List<DirectoryEntry> entries() {
        return MqueueRoot.this.entries();
      }
    };
  }
}
