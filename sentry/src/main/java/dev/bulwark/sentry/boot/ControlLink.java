package dev.bulwark.sentry.boot;

import dev.bulwark.control.MalformedException;
import dev.bulwark.control.Message;
import dev.bulwark.linux.HostIo;
import org.jspecify.annotations.Nullable;

/** The Sentry's end of the socket to the runtime command. Sending is thread-safe. */
final class ControlLink {
  private final int fd;

  ControlLink(int fd) {
    this.fd = fd;
  }

  /** Tells the runtime command something; whether it still listens shows in {@link #receive}. */
  void send(Message message) {
    HostIo.send(fd, message.encode());
  }

  /** Waits for the next message; null when the runtime command is gone. One thread at a time. */
  @Nullable Message receive() throws MalformedException {
    byte[] datagram = new byte[Message.MAXIMUM_BYTES];
    int length = HostIo.receive(fd, datagram);
    return length <= 0 ? null : Message.decode(datagram, length);
  }
}
