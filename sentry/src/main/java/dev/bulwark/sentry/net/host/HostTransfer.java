package dev.bulwark.sentry.net.host;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostMessage;
import dev.bulwark.linux.HostSocket;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.net.MessageFlags;
import dev.bulwark.sentry.wait.PollEvents;
import java.lang.foreign.MemorySegment;

/**
 * Bytes between applications and a socket of the host; what moves was copied or checked before.
 * Results are bytes, or an errno negated. Thread-safe.
 *
 * @param fd the host's descriptor
 * @param stream whether it is a SOCK_STREAM, which may take and give parts
 */
public record HostTransfer(int fd, boolean stream) {

  private static final int ASKED =
      PollEvents.ALWAYS_READY
          | PollEvents.PRI
          | PollEvents.RDBAND
          | PollEvents.WRBAND
          | PollEvents.RDHUP;

  /** The events of poll(2) that hold for a socket of the host. */
  public static int poll(int fd) {
    return HostSocket.poll(fd, ASKED);
  }

  /** Sends bytes with nothing beside them. */
  public long send(IoBuffer data, int flags) {
    long length = data.remaining();
    if (length == 0) {
      return HostSocket.send(fd, 0, 0, flags);
    }
    try {
      MemorySegment whole = data.chunk(false);
      if (whole.byteSize() == length) {
        long n = HostSocket.send(fd, whole.address(), length, flags);
        data.advance(Math.max(0, n));
        return n;
      }
    } catch (ErrnoException e) {
      return -e.errno();
    }
    try (HostMessage out = HostMessage.take()) {
      return send(out, data, flags);
    }
  }

  /** Sends bytes with the address and the ancillary data that a message has. */
  public long send(HostMessage out, IoBuffer data, int flags) {
    boolean whole = data.gather(out, false);
    if (!whole && (!stream || out.bytes() == 0)) {
      return -Errno.EFAULT;
    }
    long n = out.send(fd, flags);
    data.advance(Math.max(0, n));
    return n;
  }

  /** Receives bytes alone. */
  public long receive(IoBuffer data, int flags) {
    long length = data.remaining();
    // TCP throws away what MSG_TRUNC asks for, and touches no memory.
    boolean thrownAway = stream && (flags & MessageFlags.TRUNC) != 0;
    if (length == 0 || thrownAway) {
      return HostSocket.receive(fd, 0, length, flags);
    }
    try {
      MemorySegment whole = data.chunk(true);
      if (whole.byteSize() == length) {
        long n = HostSocket.receive(fd, whole.address(), length, flags);
        data.advance(Math.clamp(n, 0, length));
        return n;
      }
    } catch (ErrnoException e) {
      return -e.errno();
    }
    try (HostMessage in = HostMessage.take()) {
      return receive(in, data, flags, 0);
    }
  }

  /**
   * Receives bytes, and what comes beside them.
   *
   * @param controlRoom bytes of ancillary data that may come; with 0 the host drops them
   */
  public long receive(HostMessage in, IoBuffer data, int flags, long controlRoom) {
    boolean whole = data.gather(in, true);
    if (!whole && in.bytes() == 0) {
      return -Errno.EFAULT;
    }
    long n = in.receive(fd, flags, controlRoom);
    if (!whole && !stream && n >= 0 && (in.flags() & MessageFlags.TRUNC) != 0) {
      return -Errno.EFAULT; // it did not end before the part that may not be touched
    }
    data.advance(Math.clamp(n, 0, in.bytes()));
    return n;
  }
}
