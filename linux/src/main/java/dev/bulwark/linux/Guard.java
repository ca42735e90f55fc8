package dev.bulwark.linux;

import java.nio.charset.StandardCharsets;

/**
 * The socket between a process that has locked itself down and its keeper, which does the few
 * things for it that it may not do itself (runtime/src/main/c/guard.c). Thread-safe: one request at
 * a time.
 */
public final class Guard {
  /** Takes the descriptor to which the host tells forbidden calls, and all files away. */
  public static final int LOCK = 1;

  /** Gives a read-only descriptor of a memory file. */
  public static final int TWIN = 2;

  /** Makes the mounts of a tree read-only. */
  public static final int SEAL = 3;

  /** Gives a socket for echo requests, which can take a capability in the network namespace. */
  public static final int ECHO_SOCKET = 4;

  /** Binds a socket to a port below 1024, which takes one as well. */
  public static final int BIND = 5;

  /** Says why the process is about to end. */
  public static final int FAILED = 6;

  /** Bytes that follow the three numbers of a request: a struct sockaddr_in6 or a text. */
  private static final int MOST_PAYLOAD = 512;

  private static final int MOST_ADDRESS = 28;

  private static final byte[] NO_ADDRESS = {};
  private static final int REPLY_BYTES = 8;

  private final MessageSocket socket;
  private final boolean rehearsal;
  private final Frame frame = new Frame(24 + MOST_PAYLOAD);

  /** Takes a socket over whose other end the keeper holds. */
  public Guard(int fd) {
    this(fd, false);
  }

  /**
   * Takes a socket over whose other end the keeper holds.
   *
   * @param rehearsal whether nothing is to be locked, for a recording of what a start needs
   */
  public Guard(int fd, boolean rehearsal) {
    socket = new MessageSocket(fd);
    this.rehearsal = rehearsal;
  }

  /**
   * Locks this process down: all its threads, present and future, may make the calls of the list
   * and no others; the first other one ends the sandbox, with a message of the keeper's that names
   * it. Afterwards no file can be named any more.
   *
   * @throws HostException when the host or the keeper refuses; the process must end then
   */
  public synchronized void lock(CallFilter filter) throws HostException {
    LateClasses.prepare(rehearsal);
    frame.clear().putLong(LOCK).putLong(0).putLong(0);
    if (rehearsal) {
      filter.rehearse();
      ask(LOCK, 0, 0, -1); // which the keeper refuses without a listener
      return;
    }
    filter.install(socket.fd(), frame);
    HostCall.check(answer(), "having the keeper watch over this process");
  }

  /**
   * Says why this process is about to end, for the message about its end. Has no effect once it is
   * locked down.
   */
  public synchronized void failed(String why) {
    byte[] text = why.getBytes(StandardCharsets.UTF_8);
    frame.clear().putLong(FAILED).putLong(0).putLong(0);
    frame.bytes().put(text, 0, Math.min(text.length, MOST_PAYLOAD));
    if (socket.send(frame) == 0) {
      answer();
    }
  }

  /** Ends the process: a locked-down one at once, because Java wants to log that it exits. */
  public void exit(int code) {
    if (rehearsal) {
      System.exit(code);
    }
    Runtime.getRuntime().halt(code);
  }

  /** A descriptor that only reads, of a memory file; or an errno negated. */
  public long twin(int fd) {
    return ask(TWIN, 0, 0, fd);
  }

  /** Makes all mounts of the tree with this descriptor read-only; 0 or an errno negated. */
  public long seal(int fd) {
    return rehearsal ? 0 : ask(SEAL, 0, 0, fd); // whose mounts are the host's own in a rehearsal
  }

  /**
   * A socket for echo requests (ping) that does not block; or an errno negated.
   *
   * @param type SOCK_RAW or SOCK_DGRAM
   */
  public long echoSocket(int family, int type) {
    return ask(ECHO_SOCKET, family, type, -1);
  }

  /**
   * bind(2) to a port below 1024; 0 or an errno negated, EINVAL for an address of any other kind.
   */
  public long bind(int fd, byte[] address) {
    return address.length > MOST_ADDRESS ? -Errno.EINVAL : ask(BIND, 0, 0, fd, address);
  }

  /** What the keeper answers: a descriptor if it gives one. */
  private long ask(int kind, long first, long second, int fd) {
    return ask(kind, first, second, fd, NO_ADDRESS);
  }

  private synchronized long ask(int kind, long first, long second, int fd, byte[] address) {
    frame.clear().putLong(kind).putLong(first).putLong(second).put(address);
    if (fd >= 0) {
      frame.attach(fd);
    }
    long r = socket.send(frame);
    return r == 0 ? answer() : r;
  }

  private long answer() {
    long r = socket.receive(frame);
    if (r != REPLY_BYTES) {
      return r < 0 ? r : -Errno.EIO;
    }
    long result = frame.bytes().getLong();
    int given = frame.takeDescriptor();
    return result == 0 && given >= 0 ? given : result;
  }
}
