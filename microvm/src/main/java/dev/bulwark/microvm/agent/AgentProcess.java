package dev.bulwark.microvm.agent;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A program that an agent started. Thread-safe; each stream has one reader at a time, and so has
 * the input one writer.
 */
public final class AgentProcess {
  private static final int NOT_ENDED = -1;

  private final AgentConnection connection;
  private final int id;
  private final Deque<byte[]>[] outputs;
  private final int[] unread = {0, Wire.OUTPUT_WINDOW, Wire.OUTPUT_WINDOW};
  private final boolean[] ended = new boolean[3];
  private int credit = Wire.INPUT_WINDOW;
  private int status = NOT_ENDED;
  private int pid;
  private boolean lost;

  AgentProcess(AgentConnection connection, int id) {
    this.connection = connection;
    this.id = id;
    @SuppressWarnings({"unchecked", "rawtypes"})
    Deque<byte[]>[] queues = new Deque[] {null, new ArrayDeque<byte[]>(), new ArrayDeque<byte[]>()};
    outputs = queues;
  }

  int id() {
    return id;
  }

  synchronized void started(int number) {
    pid = number;
  }

  synchronized void adopted(int number) {
    pid = number;
    ended[1] = true;
    ended[2] = true;
  }

  /** Its number in the guest. */
  public synchronized int pid() {
    return pid;
  }

  /**
   * What it wrote next to a stream, waiting for it; what was given before counts as done with.
   *
   * @param stream 1 or 2
   * @return null at the end
   * @throws AgentException when the machine is gone
   */
  public byte @Nullable [] read(int stream) throws AgentException, InterruptedException {
    byte[] bytes;
    synchronized (this) {
      while (outputs[stream].isEmpty() && !ended[stream] && !lost) {
        wait();
      }
      if (outputs[stream].isEmpty()) {
        if (!ended[stream]) {
          throw connection.lost();
        }
        return null;
      }
      bytes = outputs[stream].poll();
      unread[stream] += bytes.length;
    }
    connection.tell(Wire.TAKEN, id, new Payload().number(stream, 1).number(bytes.length, 4));
    return bytes;
  }

  /**
   * Gives it input, waiting until it takes some.
   *
   * @throws AgentException when the machine is gone
   */
  public void write(byte[] bytes, int length) throws AgentException, InterruptedException {
    int done = 0;
    while (done < length) {
      int count;
      synchronized (this) {
        // One that has ended may have left its files to others.
        while (credit == 0 && !over() && !lost) {
          wait();
        }
        if (over()) {
          return; // nobody will read it
        }
        if (lost) {
          throw connection.lost();
        }
        count = Math.min(credit, length - done);
        credit -= count;
      }
      connection.tell(Wire.INPUT, id, new Payload().bytes(bytes, done, count));
      done += count;
    }
  }

  /** Nobody takes what it writes to a stream any more: it will get EPIPE. */
  public void closeOutput(int stream) throws AgentException {
    connection.tell(Wire.CLOSE_OUTPUT, id, new Payload().number(stream, 1));
  }

  /** Its input has ended. */
  public void endInput() throws AgentException {
    connection.tell(Wire.INPUT_END, id, new Payload());
  }

  /** Sets the size of its terminal, if it has one. */
  public void resize(int rows, int columns) throws AgentException {
    connection.ask(
        "setting a terminal's size",
        Wire.WINDOW,
        new Payload().number(id, 4).number(rows, 2).number(columns, 2));
  }

  /**
   * Waits for its end.
   *
   * @return its status as wait4(2) has it
   * @throws AgentException when the machine is gone
   */
  public synchronized int await() throws AgentException, InterruptedException {
    while (status == NOT_ENDED && !lost) {
      wait();
    }
    if (status == NOT_ENDED) {
      throw connection.lost();
    }
    return status;
  }

  /**
   * Waits for its end, for a while.
   *
   * @return whether it has ended
   * @throws AgentException when the machine is gone
   */
  public synchronized boolean awaitEnd(int milliseconds)
      throws AgentException, InterruptedException {
    long end = System.nanoTime() + milliseconds * 1_000_000L;
    for (long left = milliseconds; left > 0 && status == NOT_ENDED && !lost; ) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
    if (status == NOT_ENDED && lost) {
      throw connection.lost();
    }
    return status != NOT_ENDED;
  }

  /** Everything that it writes to a stream, as long as that is at most so many bytes. */
  public byte[] readAll(int stream, int limit) throws AgentException, InterruptedException {
    byte[] all = new byte[0];
    for (byte[] next = read(stream); next != null; next = read(stream)) {
      int old = all.length;
      if (old + next.length > limit) {
        throw new AgentException("a program in the guest wrote more than " + limit + " bytes");
      }
      all = Arrays.copyOf(all, old + next.length);
      System.arraycopy(next, 0, all, old, next.length);
    }
    return all;
  }

  synchronized void output(int stream, byte[] bytes) throws MalformedFrameException {
    if (ended[stream] || bytes.length > unread[stream]) {
      throw new MalformedFrameException("more output than it was allowed");
    }
    unread[stream] -= bytes.length;
    if (bytes.length > 0) {
      outputs[stream].add(bytes);
    }
    notifyAll();
  }

  synchronized void outputEnd(int stream) throws MalformedFrameException {
    if (ended[stream]) {
      throw new MalformedFrameException("the end of a stream twice");
    }
    ended[stream] = true;
    notifyAll();
  }

  synchronized void credit(int bytes) throws MalformedFrameException {
    if (bytes < 0 || bytes > Wire.INPUT_WINDOW - credit) {
      throw new MalformedFrameException("credit for input that it was never sent");
    }
    credit += bytes;
    notifyAll();
  }

  synchronized void exit(int how) throws MalformedFrameException {
    if (status != NOT_ENDED) {
      throw new MalformedFrameException("the end of a process twice");
    }
    status = how & 0xffff;
    notifyAll();
  }

  /** Whether nothing more will come. */
  synchronized boolean over() {
    return status != NOT_ENDED && ended[1] && ended[2];
  }

  synchronized void lose() {
    lost = true;
    notifyAll();
  }
}
