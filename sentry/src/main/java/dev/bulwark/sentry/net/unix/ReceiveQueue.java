package dev.bulwark.sentry.net.unix;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.net.Incoming;
import dev.bulwark.sentry.vfs.FileDescription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages that a socket has not received yet. Thread-safe: its monitor guards it. */
final class ReceiveQueue {
  /** How many datagrams may wait (net.unix.max_dgram_qlen); one more gets in, as in Linux. */
  private static final int MAX_DATAGRAMS = 10;

  private final ArrayDeque<Message> messages = new ArrayDeque<>();
  private boolean closed;

  /** Adds a message; false when nobody will ever receive it. */
  synchronized boolean add(Message message) {
    if (closed) {
      return false;
    }
    messages.addLast(message);
    return true;
  }

  synchronized boolean isEmpty() {
    return messages.isEmpty();
  }

  /** Whether no datagram more may come. */
  synchronized boolean full() {
    return messages.size() > MAX_DATAGRAMS;
  }

  /** How many bytes wait in all, or in the first message. */
  synchronized long bytes(boolean firstOnly) {
    long sum = 0;
    for (Message message : messages) {
      sum += message.unread();
      if (firstOnly) {
        break;
      }
    }
    return sum;
  }

  /** The last message, if more bytes of the same sender can be added to it. */
  synchronized @Nullable Message extensible(Message like, long more) {
    Message last = messages.peekLast();
    return last != null
            && last.rights.isEmpty()
            && last.sender.equals(like.sender)
            && last.admits(more)
        ? last
        : null;
  }

  /**
   * Receives one message as a whole.
   *
   * @param done gets the message when it was taken, to settle with its sender
   * @return its bytes, or negated: EAGAIN, EFAULT
   */
  synchronized long receiveRecord(Incoming to, boolean credentials, List<Message> done) {
    Message message = messages.peekFirst();
    if (message == null) {
      return -Errno.EAGAIN;
    }
    long n = message.copy(to.data);
    if (n < 0) {
      return n;
    }
    to.truncated = n < message.unread();
    to.address = message.address;
    to.sender = credentials ? message.sender : null;
    long result = to.wholeLength ? message.unread() : n;
    hand(message, to);
    if (!to.peek) {
      messages.removeFirst();
      done.add(message);
    }
    return result;
  }

  /** Gives the files of a message to the receiver: a peeked message keeps its own. */
  private static void hand(Message message, Incoming to) {
    if (to.peek) {
      for (FileDescription file : message.rights) {
        if (file.acquire()) {
          to.rights.add(file);
        }
      }
    } else {
      to.rights.addAll(message.rights);
    }
  }

  /**
   * Receives bytes across messages, but not of different senders when their credentials are wanted,
   * and not beyond files.
   *
   * @param done gets messages that were received to the end
   * @return how many, or negated: EAGAIN, EFAULT
   */
  synchronized long receiveStream(Incoming to, boolean credentials, List<Message> done) {
    long total = 0;
    for (Message message : List.copyOf(messages)) {
      if (to.data.remaining() == 0
          || (credentials && to.sender != null && !to.sender.equals(message.sender))) {
        break;
      }
      long n = message.copy(to.data);
      if (n < 0) {
        return total > 0 ? total : n;
      }
      total += n;
      to.sender = credentials ? message.sender : null;
      boolean files = !message.rights.isEmpty();
      if (files) {
        hand(message, to);
      }
      if (!to.peek) {
        message.rights.clear();
        message.offset += (int) n;
        if (message.unread() == 0) {
          messages.removeFirst();
          done.add(message);
        }
      }
      if (files) {
        break;
      }
    }
    return total > 0 ? total : -Errno.EAGAIN;
  }

  /** Nothing comes any more; gives what was not received. */
  synchronized List<Message> close() {
    closed = true;
    List<Message> left = new ArrayList<>(messages);
    messages.clear();
    return left;
  }
}
