package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.MemoryInode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Opening;

/**
 * A queue as a file. It lives as long as it has its name or is open; its monitor guards how often
 * it is.
 */
final class MqueueInode extends MemoryInode {
  /** What Linux tells as the size of all (FILENT_SIZE). */
  private static final long SIZE = 80;

  private final MqueueSystem system;
  private final MessageQueue queue;
  private final int user;
  private int users;
  private boolean over;

  /**
   * A queue for which the budget was asked.
   *
   * @param user whose bytes it takes
   */
  MqueueInode(MqueueSystem system, NewFile file, QueueAttributes attributes, int user) {
    super(system, system.nextNumber(), file);
    this.system = system;
    this.queue = new MessageQueue(attributes);
    this.user = user;
  }

  MessageQueue queue() {
    return queue;
  }

  @Override
  public long size() {
    return SIZE;
  }

  @Override
  public FileDescription open(Opening opening) {
    return new MqueueFile(opening, this);
  }

  @Override
  public synchronized void opened() {
    users++;
  }

  @Override
  public synchronized void closed() {
    users--;
    giveBack();
  }

  /** Its name is gone. */
  synchronized void unlinked() {
    countLinks(-1);
    giveBack();
  }

  private void giveBack() {
    if (!over && users == 0 && links() == 0) {
      over = true;
      system.budget().give(queue.attributes().bytes(), user);
    }
  }
}
