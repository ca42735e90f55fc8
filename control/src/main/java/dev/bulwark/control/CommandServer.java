package dev.bulwark.control;

import dev.bulwark.linux.Frame;
import dev.bulwark.linux.LocalSocket;
import dev.bulwark.linux.MessageSocket;
import java.nio.ByteBuffer;

/**
 * Serves runtime commands that connect to the sandbox's socket: a thread for each connection, which
 * lasts as long as the command. Only the user that started the sandbox can connect: the socket and
 * its directory are that user's alone.
 */
public final class CommandServer {
  /** Commands that are served at once; further ones wait. */
  private static final int MOST_CONNECTIONS = 64;

  private static final int SETTLE_MILLISECONDS = 1000;

  /** What carries requests out. */
  public interface Commands {
    /**
     * Carries a request out; may block, and is called by several threads.
     *
     * @param with the frame that it came in, whose descriptors it may take
     */
    Answer answer(Request request, Frame with);
  }

  private final int listener;
  private final Commands commands;
  private final java.util.concurrent.Semaphore places =
      new java.util.concurrent.Semaphore(MOST_CONNECTIONS);

  /** How many requests have been received and not answered. This object's monitor guards it. */
  private int open;

  /**
   * A server that does not listen yet.
   *
   * @param listener a listening socket
   */
  public CommandServer(int listener, Commands commands) {
    this.listener = listener;
    this.commands = commands;
  }

  /** Begins to serve. */
  public void start() {
    Thread.ofPlatform().name("commands").daemon().start(this::accept);
  }

  /**
   * Waits until every request that came has been answered, for a while: a first process can end
   * before whoever started it has heard that it runs.
   */
  public synchronized void settle() {
    long deadline = System.nanoTime() + SETTLE_MILLISECONDS * 1_000_000L;
    try {
      for (long left = SETTLE_MILLISECONDS; open > 0 && left > 0; ) {
        wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void count(int change) {
    open += change;
    notifyAll();
  }

  private void accept() {
    while (true) {
      places.acquireUninterruptibly();
      int fd = LocalSocket.accept(listener);
      if (fd < 0) {
        System.err.println("bulwark: no more commands: " + fd);
        return;
      }
      Thread.ofPlatform().name("command").daemon().start(() -> serve(fd));
    }
  }

  private void serve(int fd) {
    try (MessageSocket socket = new MessageSocket(fd)) {
      Frame in = new Frame(Request.MAXIMUM_BYTES);
      Frame out = new Frame(Answer.MAXIMUM_BYTES);
      while (socket.receive(in) > 0) {
        count(1);
        try {
          if (!answer(in, out, socket)) {
            return;
          }
        } finally {
          count(-1);
        }
      }
    } catch (MalformedException malformed) {
      System.err.println("bulwark: " + malformed.getMessage());
    } finally {
      places.release();
    }
  }

  private boolean answer(Frame in, Frame out, MessageSocket socket) throws MalformedException {
    byte[] bytes = new byte[in.bytes().remaining()];
    in.bytes().get(bytes);
    Answer answer;
    try {
      answer = commands.answer(Request.decode(bytes, bytes.length), in);
    } finally {
      in.closeDescriptors();
    }
    ByteBuffer encoded = out.clear();
    encoded.put(answer.encode());
    return socket.send(out) == 0;
  }
}
