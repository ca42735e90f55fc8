package dev.bulwark.sentry.fs.mqueue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a queue: the highest priority first, and of equal ones the oldest. Thread-safe.
 */
final class MessageQueue {
  private final QueueAttributes attributes;
  private final TreeMap<Integer, ArrayDeque<QueuedText>> messages = new TreeMap<>();
  private final WaitQueue waiters = new WaitQueue();
  private int count;
  private long bytes;
  private int receivers;
  private @Nullable Notification notification;

  MessageQueue(QueueAttributes attributes) {
    this.attributes = attributes;
  }

  QueueAttributes attributes() {
    return attributes;
  }

  /** Where to wait for messages and for room. */
  WaitQueue waiters() {
    return waiters;
  }

  synchronized int count() {
    return count;
  }

  synchronized int poll() {
    return (count > 0 ? PollEvents.IN | PollEvents.RDNORM : 0)
        | (count < attributes.messages() ? PollEvents.OUT | PollEvents.WRNORM : 0);
  }

  /** What sending made due. */
  record Sent(boolean done, @Nullable Notification due) {}

  /** Puts a message in, if there is room. */
  Sent send(QueuedText message) {
    Notification due = null;
    synchronized (this) {
      if (count >= attributes.messages()) {
        return new Sent(false, null);
      }
      messages.computeIfAbsent(message.priority(), _ -> new ArrayDeque<>()).add(message);
      count++;
      bytes += message.text().length;
      if (count == 1 && receivers == 0) { // who waits to receive gets it, and nobody is told
        due = registered();
        notification = null;
      }
    }
    waiters.wake(PollEvents.IN | PollEvents.RDNORM);
    return new Sent(true, due);
  }

  /** Takes the first message, or null. */
  @Nullable QueuedText receive() {
    QueuedText message;
    synchronized (this) {
      Map.Entry<Integer, ArrayDeque<QueuedText>> highest = messages.lastEntry();
      if (highest == null) {
        return null;
      }
      message = highest.getValue().removeFirst();
      if (highest.getValue().isEmpty()) {
        messages.remove(highest.getKey());
      }
      count--;
      bytes -= message.text().length;
    }
    waiters.wake(PollEvents.OUT | PollEvents.WRNORM);
    return message;
  }

  /** Counts those who wait to receive. */
  synchronized void receiving(int change) {
    receivers += change;
  }

  /** Who is registered, unless it has ended since. */
  private @Nullable Notification registered() {
    Notification now = notification;
    if (now != null && now.owner().over()) {
      notification = null;
      return null;
    }
    return now;
  }

  /**
   * Registers somebody.
   *
   * @throws ErrnoException EBUSY when somebody is registered
   */
  synchronized void register(Notification next) throws ErrnoException {
    if (registered() != null) {
      throw ErrnoException.of(Errno.EBUSY);
    }
    notification = next;
  }

  /** Ends the registration of a process, if it has one. */
  synchronized void unregister(ThreadGroup process) {
    if (notification != null && notification.owner().equals(process)) {
      notification = null;
    }
  }

  /** What reading the file of the queue shows. */
  synchronized String text() {
    Notification now = registered();
    return String.format(
        Locale.ROOT,
        "QSIZE:%-10d NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n",
        bytes,
        now == null ? 0 : now.method(),
        now == null || now.method() != Notification.SIGNAL ? 0 : now.signal(),
        now == null ? 0 : now.owner().pid());
  }
}
