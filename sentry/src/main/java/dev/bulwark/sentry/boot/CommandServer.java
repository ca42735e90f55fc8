package dev.bulwark.sentry.boot;

import dev.bulwark.control.Answer;
import dev.bulwark.control.MalformedException;
import dev.bulwark.control.Request;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.LocalSocket;
import dev.bulwark.linux.MessageSocket;
import java.nio.ByteBuffer;

/**
 * Serves runtime commands that connect to the sandbox's socket: a thread for each connection, which
 * lasts as long as the command. Only processes of the user that started the sandbox are heard.
 */
final class CommandServer {
  /** Commands that are served at once; further ones wait. */
  private static final int MOST_CONNECTIONS = 64;

  private final int listener;
  private final Commands commands;
  private final java.util.concurrent.Semaphore places =
      new java.util.concurrent.Semaphore(MOST_CONNECTIONS);

  /**
   * A server that does not listen yet.
   *
   * @param listener a listening socket
   */
  CommandServer(int listener, Commands commands) {
    this.listener = listener;
    this.commands = commands;
  }

  void start() {
    Thread.ofPlatform().name("commands").daemon().start(this::accept);
  }

  private void accept() {
    while (true) {
      places.acquireUninterruptibly();
      int fd = LocalSocket.accept(listener);
      if (fd < 0) {
        System.err.println("bulwark sentry: no more commands: " + fd);
        return;
      }
      Thread.ofPlatform().name("command").daemon().start(() -> serve(fd));
    }
  }

  private void serve(int fd) {
    try (MessageSocket socket = new MessageSocket(fd)) {
      if (!LocalSocket.peerIsOwner(fd)) {
        return;
      }
      Frame in = new Frame(Request.MAXIMUM_BYTES);
      Frame out = new Frame(Answer.MAXIMUM_BYTES);
      while (socket.receive(in) > 0) {
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
        if (socket.send(out) != 0) {
          return;
        }
      }
    } catch (MalformedException malformed) {
      System.err.println("bulwark sentry: " + malformed.getMessage());
    } finally {
      places.release();
    }
  }
}
