package dev.bulwark.sentry.boot;

import dev.bulwark.control.MalformedException;
import dev.bulwark.control.Message;
import dev.bulwark.linux.HostIo;
import org.jspecify.annotations.Nullable;

/**
 * The Sentry's end of the socket to the keeper of a process: the sandbox's first one, or a further
 * one. Sending is thread-safe.
 */
final class KeeperLink {
  private final int fd;

  KeeperLink(int fd) {
    this.fd = fd;
  }

  /** What a keeper's words mean for its process. Called on the link's thread; must not block. */
  interface Listener {
    /** A signal for the process, 1 to 64. */
    void signal(int number);

    /** The keeper's terminal has another size. */
    void windowChanged();

    /** The keeper is gone, or cannot be understood. */
    void abandoned();
  }

  /** Tells the keeper something; whether it still listens shows when it is listened to. */
  void send(Message message) {
    HostIo.send(fd, message.encode());
  }

  /** Listens on a thread of its own until the keeper is gone. */
  void listen(String name, Listener listener) {
    Thread.ofPlatform().name(name).daemon().start(() -> run(listener));
  }

  /** Lets go of the socket, for a keeper that has heard all. */
  void close() {
    HostIo.close(fd);
  }

  private void run(Listener listener) {
    try {
      for (Message m = receive(); m != null; m = receive()) {
        if (m instanceof Message.Signal sent && sent.number() >= 1 && sent.number() <= 64) {
          listener.signal(sent.number());
        } else if (m instanceof Message.WindowChanged) {
          listener.windowChanged();
        } else {
          System.err.println("bulwark sentry: ignoring " + m);
        }
      }
    } catch (MalformedException malformed) {
      System.err.println("bulwark sentry: " + malformed.getMessage());
    }
    listener.abandoned();
  }

  private @Nullable Message receive() throws MalformedException {
    byte[] datagram = new byte[Message.MAXIMUM_BYTES];
    int length = HostIo.receive(fd, datagram);
    return length <= 0 ? null : Message.decode(datagram, length);
  }
}
