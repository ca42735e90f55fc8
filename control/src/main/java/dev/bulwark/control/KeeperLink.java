package dev.bulwark.control;

import dev.bulwark.linux.HostIo;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's end of the socket to the keeper of a process: the first one, or a further one.
 * Sending is thread-safe.
 */
public final class KeeperLink {
  private final int fd;

  /**
   * A link that nobody listens to yet.
   *
   * @param fd the socket, which {@link #close} closes
   */
  public KeeperLink(int fd) {
    this.fd = fd;
  }

  /** What a keeper's words mean for its process. Called on the link's thread; must not block. */
  public interface Listener {
    /** A signal for the process, 1 to 64. */
    void signal(int number);

    /** The keeper's terminal has another size. */
    void windowChanged();

    /** The keeper is gone, or cannot be understood. */
    void abandoned();
  }

  /** Tells the keeper something; whether it still listens shows when it is listened to. */
  public void send(Message message) {
    HostIo.send(fd, message.encode());
  }

  /** Listens on a thread of its own until the keeper is gone. */
  public void listen(String name, Listener listener) {
    Thread.ofPlatform().name(name).daemon().start(() -> run(listener));
  }

  /** Lets go of the socket, for a keeper that has heard all. */
  public void close() {
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
          System.err.println("bulwark: ignoring " + m);
        }
      }
    } catch (MalformedException malformed) {
      System.err.println("bulwark: " + malformed.getMessage());
    }
    listener.abandoned();
  }

  private @Nullable Message receive() throws MalformedException {
    byte[] datagram = new byte[Message.MAXIMUM_BYTES];
    int length = HostIo.receive(fd, datagram);
    return length <= 0 ? null : Message.decode(datagram, length);
  }
}
