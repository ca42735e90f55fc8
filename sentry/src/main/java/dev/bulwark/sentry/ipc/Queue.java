package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.auth.Credentials;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A queue of messages. Guarded by the lock of its system. */
final class Queue extends IpcObject {
  /** Size of {@code struct msqid64_ds}. */
  static final int SIZE = 120;

  private final ArrayDeque<QueuedMessage> messages = new ArrayDeque<>();
  private final ArrayDeque<PendingReceive> receivers = new ArrayDeque<>();
  private final ArrayDeque<PendingSend> senders = new ArrayDeque<>();
  private long bytes;
  private long room = MessageSystem.BYTES_OF_QUEUE;
  private int lastSender;
  private int lastReceiver;
  private long sentAt;
  private long receivedAt;

  Queue(int key, int mode, Credentials owner) {
    super(key, mode, owner);
  }

  long bytes() {
    return bytes;
  }

  int count() {
    return messages.size();
  }

  /** Whether a text fits in. */
  boolean fits(int length) {
    return bytes + length <= room && 1 + messages.size() <= room;
  }

  /**
   * Sends a message: to the first that waits for it, or into the queue.
   *
   * @return whether it was put into the queue
   */
  boolean send(QueuedMessage message, int pid) {
    lastSender = pid;
    sentAt = seconds();
    Iterator<PendingReceive> all = receivers.iterator();
    while (all.hasNext()) {
      PendingReceive receiver = all.next();
      if (!receiver.selection.admits(message)) {
        continue;
      }
      all.remove();
      if (message.text().length > receiver.size && !receiver.selection.has(Selection.NO_ERROR)) {
        receiver.fail(Errno.E2BIG);
        continue;
      }
      lastReceiver = receiver.task.process().pid();
      receivedAt = sentAt;
      receiver.finish(message);
      return false;
    }
    messages.add(message);
    bytes += message.text().length;
    return true;
  }

  /** The message that a selection finds, or null. It stays in the queue. */
  @Nullable QueuedMessage find(Selection selection) {
    QueuedMessage found = null;
    for (QueuedMessage message : messages) {
      if (!selection.admits(message)) {
        continue;
      }
      if (selection.type() >= 0) {
        return message;
      }
      if (found == null || message.type() < found.type()) {
        found = message; // the lowest type, and of those the first
      }
    }
    return found;
  }

  /** The message at a place (MSG_COPY), or null. */
  @Nullable QueuedMessage at(long place) {
    if (place < 0 || place >= messages.size()) {
      return null;
    }
    return new ArrayList<>(messages).get((int) place);
  }

  /** Takes a message that was found. */
  void take(QueuedMessage message, int pid) {
    Iterator<QueuedMessage> all = messages.iterator();
    while (all.hasNext()) {
      if (all.next().equals(message)) { // arrays compare by identity, so this is the one
        all.remove();
        break;
      }
    }
    bytes -= message.text().length;
    lastReceiver = pid;
    receivedAt = seconds();
    wakeSenders();
  }

  void await(PendingReceive receiver) {
    receivers.add(receiver);
  }

  void giveUp(PendingReceive receiver) {
    receivers.remove(receiver);
  }

  void await(PendingSend sender) {
    senders.add(sender);
  }

  void giveUp(PendingSend sender) {
    senders.remove(sender);
  }

  private void wakeSenders() {
    senders.forEach(PendingSend::wake);
    senders.clear();
  }

  /** Everybody who waits ends or looks again: permissions have changed. */
  void changed(long newRoom) {
    room = newRoom;
    List<PendingReceive> now = new ArrayList<>(receivers);
    receivers.clear();
    now.forEach(receiver -> receiver.fail(Errno.EAGAIN));
    wakeSenders();
  }

  /** Ends all waits because the queue is gone; gives how much heap its messages took. */
  long end() {
    long weight = 0;
    for (QueuedMessage message : messages) {
      weight += message.weight();
    }
    messages.clear();
    receivers.forEach(receiver -> receiver.fail(Errno.EIDRM));
    receivers.clear();
    wakeSenders();
    return weight;
  }

  /** The C structure. */
  void storeAll(ByteBuffer to) {
    store(to);
    to.putLong(48, sentAt).putLong(56, receivedAt).putLong(64, changed());
    to.putLong(72, bytes).putLong(80, messages.size()).putLong(88, room);
    to.putInt(96, lastSender).putInt(100, lastReceiver);
  }

  /** The line of /proc/sysvipc/msg. */
  String line() {
    return String.format(
        Locale.ROOT,
        "%10d %10d  %4o  %10d %10d %5d %5d %s %10d %10d %10d\n",
        key(),
        id(),
        mode(),
        bytes,
        messages.size(),
        lastSender,
        lastReceiver,
        owners(),
        sentAt,
        receivedAt,
        changed());
  }
}
