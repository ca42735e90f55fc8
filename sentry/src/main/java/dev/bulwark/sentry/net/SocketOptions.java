package dev.bulwark.sentry.net;

/** What setsockopt(2) keeps at the level of sockets. Thread-safe. */
public final class SocketOptions {
  /** /proc/sys/net/core/wmem_max and wmem_default: the kernel doubles what is asked for. */
  public static final int MAX_BUFFER = 212_992;

  private static final int LEAST_SEND = 4608;
  private static final int LEAST_RECEIVE = 2304;

  /** Whether SCM_CREDENTIALS come with every message. */
  volatile boolean passCredentials;

  /** Nanoseconds; 0 waits for ever. */
  volatile long receiveTimeout;

  volatile long sendTimeout;

  private volatile int sendBuffer = MAX_BUFFER;
  private volatile int receiveBuffer = MAX_BUFFER;

  SocketOptions() {}

  /** SO_PASSCRED. */
  public boolean passCredentials() {
    return passCredentials;
  }

  /** SO_SNDBUF, in bytes. */
  public int sendBuffer() {
    return sendBuffer;
  }

  /** SO_RCVBUF, in bytes. */
  public int receiveBuffer() {
    return receiveBuffer;
  }

  /** Takes over the timeouts of the socket that accepted a connection. */
  public void inherit(SocketOptions listener) {
    receiveTimeout = listener.receiveTimeout;
    sendTimeout = listener.sendTimeout;
  }

  void setSendBuffer(int wanted) {
    sendBuffer = Math.max(LEAST_SEND, doubled(wanted));
  }

  void setReceiveBuffer(int wanted) {
    receiveBuffer = Math.max(LEAST_RECEIVE, doubled(wanted));
  }

  private static int doubled(int wanted) {
    // A negative size counts as a huge one, as Linux compares without sign.
    return 2 * (wanted < 0 ? MAX_BUFFER : Math.min(wanted, MAX_BUFFER));
  }
}
