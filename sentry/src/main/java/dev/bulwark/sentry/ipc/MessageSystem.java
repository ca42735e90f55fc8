package dev.bulwark.sentry.ipc;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Task;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The message queues of a sandbox. Its monitor is the lock of all of them. */
final class MessageSystem {
  /** The most bytes of a message (MSGMAX). */
  static final int MAX_BYTES = 8192;

  /** The most bytes of a queue, unless it is given more (MSGMNB). */
  static final int BYTES_OF_QUEUE = 16384;

  /** The most queues (MSGMNI). */
  static final int MAX_QUEUES = 32000;

  /** What the Sentry's heap has room for. */
  private static final long AFFORDABLE = 64L << 20;

  private static final String HEADER =
      "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid "
          + "     stime      rtime      ctime\n";

  private final IpcTable<Queue> queues = new IpcTable<>(MAX_QUEUES);
  private long afforded;

  /** What the info commands tell of all queues together. */
  record Sums(int queues, int messages, long bytes, int highest) {}

  /** msgget(2). */
  synchronized int get(int key, int flags, Credentials who) throws ErrnoException {
    return queues.get(key, flags, who, _ -> {}, () -> new Queue(key, flags, who));
  }

  /**
   * Tries msgsnd(2).
   *
   * @param again what was woken since the last try, or null for the first one
   * @return what waits for room now, or null when the message was sent
   * @throws ErrnoException EAGAIN unless {@code wait}, EIDRM when the queue is gone meanwhile
   */
  synchronized @Nullable PendingSend send(
      Task task, int id, QueuedMessage message, boolean wait, @Nullable PendingSend again)
      throws ErrnoException {
    Queue queue = find(id, again != null);
    queue.check(IpcObject.WRITE, task.credentials());
    if (queue.fits(message.text().length)) {
      if (afforded + message.weight() > AFFORDABLE) {
        throw ErrnoException.of(Errno.ENOMEM);
      }
      if (queue.send(message, task.process().pid())) {
        afforded += message.weight();
      }
      return null;
    }
    if (!wait) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    PendingSend sender = new PendingSend(task);
    queue.await(sender);
    return sender;
  }

  private Queue find(int id, boolean known) throws ErrnoException {
    try {
      return queues.find(id);
    } catch (ErrnoException e) {
      throw ErrnoException.of(known ? Errno.EIDRM : e.errno());
    }
  }

  /** Ends the wait of a sender. */
  synchronized void giveUp(int id, PendingSend sender) throws ErrnoException {
    find(id, true).giveUp(sender);
  }

  /**
   * Begins msgrcv(2), but for MSG_COPY.
   *
   * @param wait whether IPC_NOWAIT was not given
   * @param known whether the queue was there when the call began
   * @return a call that is done, or waits now
   * @throws ErrnoException ENOMSG, E2BIG and others
   */
  synchronized PendingReceive receive(
      Task task, int id, Selection selection, long size, boolean wait, boolean known)
      throws ErrnoException {
    Queue queue = find(id, known);
    queue.check(IpcObject.READ, task.credentials());
    PendingReceive call = new PendingReceive(task, selection, size);
    QueuedMessage found = queue.find(selection);
    if (found == null) {
      if (!wait) {
        throw ErrnoException.of(Errno.ENOMSG);
      }
      queue.await(call);
      return call;
    }
    if (found.text().length > size && !selection.has(Selection.NO_ERROR)) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    queue.take(found, task.process().pid());
    afforded -= found.weight();
    call.finish(found);
    return call;
  }

  /**
   * MSG_COPY: a message by its place, which stays where it is.
   *
   * @throws ErrnoException ENOMSG, E2BIG and others
   */
  synchronized QueuedMessage copy(Task task, int id, Selection selection, long size)
      throws ErrnoException {
    Queue queue = queues.find(id);
    queue.check(IpcObject.READ, task.credentials());
    QueuedMessage found = queue.at(selection.type());
    if (found == null) {
      throw ErrnoException.of(Errno.ENOMSG);
    }
    if (found.text().length > size && !selection.has(Selection.NO_ERROR)) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    return found;
  }

  /** Ends the wait of a receiver, unless that is over already. */
  synchronized void giveUp(int id, PendingReceive receiver) throws ErrnoException {
    if (!receiver.done()) {
      find(id, true).giveUp(receiver);
    }
  }

  /** IPC_RMID. */
  synchronized void remove(int id, Credentials who) throws ErrnoException {
    Queue queue = queues.find(id);
    queue.checkOwner(who);
    queues.remove(queue);
    afforded -= queue.end();
  }

  /** IPC_SET. */
  synchronized void set(int id, IpcChange change, long room, Credentials who)
      throws ErrnoException {
    Queue queue = queues.find(id);
    queue.checkOwner(who);
    if (Long.compareUnsigned(room, BYTES_OF_QUEUE) > 0 && !who.has(Capability.SYS_RESOURCE)) {
      throw ErrnoException.of(Errno.EPERM);
    }
    queue.change(change);
    queue.changed(room < 0 ? Long.MAX_VALUE : room);
  }

  /** IPC_STAT and its kin; as {@link SharedMemorySystem#stat}. */
  synchronized int stat(int number, boolean index, boolean anybody, Credentials who, ByteBuffer to)
      throws ErrnoException {
    Queue queue = index ? queues.at(number) : queues.find(number);
    if (!anybody) {
      queue.check(IpcObject.READ, who);
    }
    queue.storeAll(to);
    return queue.id();
  }

  synchronized Sums sums() {
    int messages = 0;
    long bytes = 0;
    for (Queue queue : queues.all()) {
      messages += queue.count();
      bytes += queue.bytes();
    }
    return new Sums(queues.size(), messages, bytes, queues.highest());
  }

  synchronized String text() {
    StringBuilder text = new StringBuilder(HEADER);
    for (Queue queue : queues.all()) {
      text.append(queue.line());
    }
    return text.toString();
  }
}
