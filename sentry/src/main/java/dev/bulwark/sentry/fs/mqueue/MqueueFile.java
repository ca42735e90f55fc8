package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.wait.WaitQueue;
import java.nio.charset.StandardCharsets;

/** An open queue: a message queue descriptor, which can also be read as a file. */
final class MqueueFile extends InodeFile {
  private final MessageQueue queue;

  MqueueFile(Opening opening, MqueueInode inode) {
    super(opening);
    queue = inode.queue();
  }

  MessageQueue queue() {
    return queue;
  }

  @Override
  protected long readContents(IoBuffer to, long offset) {
    byte[] text = queue.text().getBytes(StandardCharsets.ISO_8859_1);
    int from = (int) Math.min(offset, text.length);
    return to.put(text, from, text.length - from);
  }

  @Override
  public int poll() {
    return queue.poll();
  }

  @Override
  public WaitQueue waitQueue() {
    return queue.waiters();
  }

  /** A process that closes any of its descriptors is not registered any more. */
  @Override
  protected void flush() {
    Task current = Task.current();
    if (current != null) {
      queue.unregister(current.process());
    }
  }
}
