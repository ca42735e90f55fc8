package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.MessageSocket;
import java.nio.BufferOverflowException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The Sentry's end of the connection: sends requests of any number of threads and gives each its
 * reply. Of the threads that wait, one reads the socket for all, so that a thread that asks alone
 * needs no other one to be woken. When the connection ends, the Gofer is dead: all who wait and all
 * who come later get EIO.
 */
final class Connection implements AutoCloseable {
  private static final int KEPT_FRAMES = 8;

  /** A request that waits for its reply; guarded by the lock. */
  private static final class Call {
    final Condition changed;
    boolean done;
    @Nullable Reply reply;
    int fd = -1;
    boolean fdLost;

    Call(Condition changed) {
      this.changed = changed;
    }
  }

  private final MessageSocket socket;
  private final Runnable onDeath;
  private final ConcurrentLinkedDeque<Frame> frames = new ConcurrentLinkedDeque<>();
  private final AtomicInteger keptFrames = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();

  /** By tag; guarded by the lock, like all below. */
  private final Map<Integer, Call> waiting = new HashMap<>();

  private int lastTag;
  private boolean reading;
  private boolean dead;
  private volatile boolean closing;

  /**
   * Takes over a connected socket.
   *
   * @param onDeath run once, on any thread, when the connection ended without {@link #close}
   */
  Connection(MessageSocket socket, Runnable onDeath) {
    this.socket = socket;
    this.onDeath = onDeath;
  }

  /** Begins to watch for the death of the Gofer, also while nobody asks it anything. */
  void watch() {
    Thread.ofPlatform()
        .daemon()
        .name("gofer-watch")
        .start(
            () -> {
              socket.awaitHangUp();
              die();
            });
  }

  /**
   * Asks, and waits for the answer.
   *
   * @return what came; its descriptor is the caller's
   * @throws GoferException what the server answered; EIO when it is dead, E2BIG when the request
   *     does not fit a message, ENFILE when this process has no room for the descriptor
   */
  Answer ask(Request request) throws GoferException {
    Frame frame = takeFrame();
    try {
      encode(request, frame);
      Call call = enter(frame);
      if (socket.send(frame) != 0) {
        die();
      }
      await(call, frame);
      return result(call);
    } finally {
      giveFrame(frame);
    }
  }

  /** Tells something that has no answer. */
  void tell(Request request) throws GoferException {
    Frame frame = takeFrame();
    try {
      encode(request, frame);
      if (socket.send(frame) != 0) {
        die();
        throw GoferException.of(Errno.EIO);
      }
    } finally {
      giveFrame(frame);
    }
  }

  /** How many messages were sent. */
  long sent() {
    return sent.sum();
  }

  private void encode(Request request, Frame frame) throws GoferException {
    sent.increment();
    try {
      request.encode(0, frame.clear());
    } catch (BufferOverflowException e) {
      throw GoferException.of(Errno.E2BIG);
    }
  }

  private Call enter(Frame frame) throws GoferException {
    lock.lock();
    try {
      if (dead) {
        throw GoferException.of(Errno.EIO);
      }
      Call call = new Call(lock.newCondition());
      do {
        lastTag++;
      } while (waiting.putIfAbsent(lastTag, call) != null);
      frame.bytes().putInt(0, lastTag);
      return call;
    } finally {
      lock.unlock();
    }
  }

  private void await(Call call, Frame frame) {
    lock.lock();
    try {
      while (!call.done) {
        if (reading) {
          call.changed.awaitUninterruptibly();
        } else {
          readOne(frame);
        }
      }
      if (!reading && !waiting.isEmpty()) {
        waiting.values().iterator().next().changed.signal(); // somebody else has to read now
      }
    } finally {
      lock.unlock();
    }
  }

  /** Receives one reply for whoever it is for, without the lock. */
  private void readOne(Frame frame) {
    reading = true;
    lock.unlock();
    boolean alive = false;
    try {
      alive = socket.receive(frame) > 0;
    } finally {
      lock.lock();
      reading = false;
    }
    if (!alive || !deliver(frame)) {
      frame.closeDescriptors();
      lock.unlock();
      try {
        die();
      } finally {
        lock.lock();
      }
    }
  }

  private boolean deliver(Frame frame) {
    try {
      int tag = Wire.getInt(frame.bytes());
      Reply reply = Reply.decode(frame.bytes());
      Call call = waiting.remove(tag);
      if (call == null) {
        return false;
      }
      call.reply = reply;
      call.fd = frame.takeDescriptor();
      call.fdLost = frame.descriptorsLost();
      call.done = true;
      call.changed.signal();
      frame.closeDescriptors();
      return true;
    } catch (MalformedMessageException e) {
      return false;
    }
  }

  private static Answer result(Call call) throws GoferException {
    Reply reply = call.reply;
    if (reply == null) {
      throw GoferException.of(Errno.EIO);
    }
    if (call.fdLost) {
      closeDescriptor(call.fd);
      throw GoferException.of(Errno.ENFILE);
    }
    if (reply instanceof Reply.Failed failed) {
      closeDescriptor(call.fd);
      throw GoferException.of(failed.errno());
    }
    return new Answer(reply, call.fd);
  }

  private static void closeDescriptor(int fd) {
    if (fd >= 0) {
      HostFile.close(fd);
    }
  }

  /** The other end is gone, or no longer makes sense. */
  void die() {
    boolean unexpected;
    lock.lock();
    try {
      if (dead) {
        return;
      }
      dead = true;
      unexpected = !closing;
      for (Call call : waiting.values()) {
        call.done = true;
        call.changed.signal();
      }
      waiting.clear();
    } finally {
      lock.unlock();
    }
    socket.close();
    if (unexpected) {
      onDeath.run();
    }
  }

  /** Ends the connection, and with it the Gofer; {@code onDeath} is not run. */
  @Override
  public void close() {
    closing = true;
    die();
  }

  private Frame takeFrame() {
    Frame frame = frames.pollFirst();
    if (frame == null) {
      return new Frame(Wire.MAX_MESSAGE);
    }
    keptFrames.decrementAndGet();
    return frame;
  }

  private void giveFrame(Frame frame) {
    if (keptFrames.get() < KEPT_FRAMES) {
      keptFrames.incrementAndGet();
      frames.addFirst(frame);
    }
  }
}
