package dev.bulwark.sentry.net.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import dev.bulwark.sentry.signal.SignalSet;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.wait.PollEvents;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnixSocketTest {
  private static final int STREAM = 1;
  private static final int DGRAM = 2;
  private static final int SEQPACKET = 5;
  private static final int NONBLOCK = 04000;
  private static final int DONTWAIT = 0x40;
  private static final int PEEK = 2;
  private static final long B = FlatMemory.BASE;
  private static final long DATA = B + 0x10000;

  private final TestSandbox box = new TestSandbox();

  @AfterEach
  void nothingIsLeft() {
    box.files.close();
    assertEquals(0, box.kernel.unixSockets().pages().inUse());
    assertEquals(0, box.kernel.unixSockets().inFlight());
  }

  private void pair(int type) {
    assertEquals(0, box.call(Sys.SOCKETPAIR, 1, type, 0, B));
  }

  private int socket(int type) {
    return (int) box.call(Sys.SOCKET, 1, type, 0);
  }

  private void close(int fd) {
    try {
      box.files.remove(fd).close();
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private long send(int fd, String text) {
    return box.call(Sys.SENDTO, fd, box.put(0x10000, text), text.length(), DONTWAIT, 0, 0);
  }

  private String receive(int fd, int flags) {
    long n = box.call(Sys.RECVFROM, fd, DATA, 1000, flags | DONTWAIT, 0, 0);
    return n < 0 ? Errno.name((int) -n) : box.get(0x10000, n);
  }

  /** Stores an abstract address; gives its length. */
  private int abstractName(String name) {
    box.put(0x100, "\1\0\0" + name);
    return 3 + name.length();
  }

  private static final long NAME = B + 0x100;

  @Test
  void familiesTypesAndProtocolsAreCheckedInLinuxOrder() {
    assertEquals(-Errno.EAFNOSUPPORT, box.call(Sys.SOCKET, 2, STREAM, 0));
    assertEquals(-Errno.EAFNOSUPPORT, box.call(Sys.SOCKET, 99, 9, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.SOCKET, 1, 0x10 | STREAM, 0));
    assertEquals(-Errno.EINVAL, box.call(Sys.SOCKET, 1, 12, 0));
    assertEquals(-Errno.ESOCKTNOSUPPORT, box.call(Sys.SOCKET, 1, 4, 0));
    assertEquals(-Errno.EPROTONOSUPPORT, box.call(Sys.SOCKET, 1, STREAM, 6));
    assertEquals(-Errno.EBADF, box.call(Sys.LISTEN, 99, 1));
    box.call(Sys.EVENTFD, 0);
    assertEquals(-Errno.ENOTSOCK, box.call(Sys.LISTEN, 0, 1));
  }

  @Test
  void streamJoinsWritesAndKeepsOrder() {
    pair(STREAM);
    assertEquals(5, send(0, "hello"));
    assertEquals(6, send(0, " world"));
    assertEquals("hello world", receive(1, PEEK));
    assertEquals("hello world", receive(1, 0));
    assertEquals("EAGAIN", receive(1, 0));
  }

  @Test
  void recordsKeepTheirBounds() {
    pair(SEQPACKET);
    send(0, "first");
    send(0, "second");
    assertEquals(2, box.call(Sys.RECVFROM, 1, DATA, 2, 0, 0, 0));
    assertEquals(6, box.call(Sys.RECVFROM, 1, DATA, 2, 0x20, 0, 0));
    close(0);
    assertEquals("", receive(1, 0));
    assertEquals(-Errno.EPIPE, send(1, "x"));
  }

  @Test
  void brokenStreamSendsSigpipeUnlessToldNotTo() {
    box.task.signals().setMask(SignalSet.of(Signals.SIGPIPE));
    pair(STREAM);
    close(1);
    assertEquals(-Errno.EPIPE, box.call(Sys.SENDTO, 0, DATA, 1, 0x4000, 0, 0));
    assertEquals(0, box.task.signals().ownPending());
    assertEquals(-Errno.EPIPE, send(0, "x"));
    assertEquals(SignalSet.of(Signals.SIGPIPE), box.task.signals().ownPending());
    assertEquals("", receive(0, 0));
  }

  @Test
  void unreadDataResetsThePeer() {
    pair(STREAM);
    send(0, "never read");
    close(1);
    assertEquals("ECONNRESET", receive(0, 0));
    assertEquals("", receive(0, 0));
  }

  @Test
  void shutdownShowsAtBothEnds() {
    pair(STREAM);
    send(0, "last");
    assertEquals(0, box.call(Sys.SHUTDOWN, 0, 1));
    int in = PollEvents.IN | PollEvents.RDNORM;
    int out = PollEvents.OUT | PollEvents.WRNORM | PollEvents.WRBAND;
    assertEquals(in | out | PollEvents.RDHUP, box.file(1).poll());
    assertEquals("last", receive(1, 0));
    assertEquals("", receive(1, 0));
    assertEquals(-Errno.EPIPE, box.call(Sys.SENDTO, 0, DATA, 1, 0x4000, 0, 0));
    assertEquals(1, send(1, "x"));
    assertEquals(0, box.call(Sys.SHUTDOWN, 0, 2));
    assertEquals(in | out | PollEvents.RDHUP | PollEvents.HUP, box.file(0).poll());
    assertEquals(-Errno.EINVAL, box.call(Sys.SHUTDOWN, 0, 3));
  }

  @Test
  void connectAndAcceptMeet() {
    int listener = socket(STREAM);
    int length = abstractName("meet");
    assertEquals(-Errno.EINVAL, box.call(Sys.LISTEN, listener, 5));
    assertEquals(0, box.call(Sys.BIND, listener, NAME, length));
    assertEquals(-Errno.EINVAL, box.call(Sys.BIND, listener, NAME, length));
    int client = socket(STREAM);
    assertEquals(-Errno.EADDRINUSE, box.call(Sys.BIND, client, NAME, length));
    assertEquals(-Errno.ECONNREFUSED, box.call(Sys.CONNECT, client, NAME, length));
    assertEquals(-Errno.EINVAL, box.call(Sys.ACCEPT, listener, 0, 0));
    assertEquals(0, box.call(Sys.LISTEN, listener, 5));
    CompletableFuture<Long> accepted =
        box.start(box.newTask(2), t -> box.call(t, Sys.ACCEPT4, listener, 0, 0, NONBLOCK));
    box.awaitWaiter(box.file(listener));
    assertEquals(0, box.call(Sys.CONNECT, client, NAME, length));
    int server = (int) (long) accepted.join();
    assertTrue(server > client);
    assertTrue(box.file(server).nonBlocking());
    assertEquals(-Errno.EISCONN, box.call(Sys.CONNECT, client, NAME, length));
    send(client, "hi");
    assertEquals("hi", receive(server, 0));
    box.putInts(0x300, 128);
    assertEquals(0, box.call(Sys.GETPEERNAME, client, B + 0x400, B + 0x300));
    assertEquals(length, box.getInt(0x300));
    box.putInts(0x300, 128);
    assertEquals(0, box.call(Sys.GETPEERNAME, server, B + 0x400, B + 0x300));
    assertEquals(2, box.getInt(0x300));
    box.putInts(0x300, 12);
    assertEquals(0, box.call(Sys.GETSOCKOPT, client, 1, 17, B + 0x400, B + 0x300));
    assertEquals(1, box.getInt(0x400));
  }

  @Test
  void fullBacklogMakesConnectWait() {
    int listener = socket(STREAM);
    int length = abstractName("busy");
    box.call(Sys.BIND, listener, NAME, length);
    box.call(Sys.LISTEN, listener, 0);
    assertEquals(0, box.call(Sys.CONNECT, socket(STREAM), NAME, length));
    int waiting = socket(STREAM);
    int hurried = socket(STREAM | NONBLOCK);
    assertEquals(-Errno.EAGAIN, box.call(Sys.CONNECT, hurried, NAME, length));
    CompletableFuture<Long> connected =
        box.start(box.newTask(2), t -> box.call(t, Sys.CONNECT, waiting, NAME, length));
    box.awaitWaiter(box.file(waiting));
    assertTrue(box.call(Sys.ACCEPT, listener, 0, 0) >= 0);
    assertEquals(0, connected.join());
  }

  @Test
  void closedListenerResetsThoseWhoWait() {
    int listener = socket(STREAM);
    int length = abstractName("gone");
    box.call(Sys.BIND, listener, NAME, length);
    box.call(Sys.LISTEN, listener, 5);
    int client = socket(STREAM);
    box.call(Sys.CONNECT, client, NAME, length);
    close(listener);
    assertEquals("ECONNRESET", receive(client, 0));
    assertEquals(-Errno.ECONNREFUSED, box.call(Sys.CONNECT, socket(STREAM), NAME, length));
  }

  @Test
  void datagramsCarryTheSendersNameAndQueuesAreShort() {
    int receiver = socket(DGRAM);
    int length = abstractName("mail");
    box.call(Sys.BIND, receiver, NAME, length);
    int sender = socket(DGRAM);
    box.put(0x200, "\1\0");
    assertEquals(0, box.call(Sys.BIND, sender, B + 0x200, 2));
    box.put(0x10000, "x");
    assertEquals(1, box.call(Sys.SENDTO, sender, DATA, 1, DONTWAIT, NAME, length));
    box.putInts(0x300, 128);
    assertEquals(1, box.call(Sys.RECVFROM, receiver, DATA, 10, 0, B + 0x400, B + 0x300));
    assertEquals(8, box.getInt(0x300));
    int sent = 0;
    while (box.call(Sys.SENDTO, sender, DATA, 1, DONTWAIT, NAME, length) == 1) {
      sent++;
    }
    assertEquals(11, sent);
    assertEquals(0, box.call(Sys.CONNECT, sender, NAME, length));
    assertEquals(0, box.file(sender).poll() & PollEvents.OUT);
    receive(receiver, 0);
    assertEquals(PollEvents.OUT, box.file(sender).poll() & PollEvents.OUT);
    assertEquals(-Errno.EMSGSIZE, box.call(Sys.SENDTO, sender, DATA, 300000, 0, 0, 0));
    assertEquals(-Errno.EPROTOTYPE, box.call(Sys.CONNECT, socket(STREAM), NAME, length));
    close(receiver);
    assertEquals(-Errno.ECONNREFUSED, send(sender, "x"));
    assertEquals(-Errno.ENOTCONN, send(sender, "x"));
  }

  /** Builds a message with one byte and, unless negative, a descriptor. */
  private long header(int fd, long controlLength) {
    box.putLongs(0x500, DATA, 1);
    box.putLongs(0x600, 20, 1L | 1L << 32);
    box.putInts(0x610, fd);
    return box.putLongs(
        0x700, 0, 0, B + 0x500, 1, controlLength == 0 ? 0 : B + 0x600, controlLength, 0);
  }

  @Test
  void filesTravelAndGetNewDescriptors() {
    pair(STREAM);
    assertEquals(2, box.call(Sys.EVENTFD, 0));
    assertEquals(1, box.call(Sys.SENDMSG, 0, header(2, 24), 0));
    assertEquals(1, box.kernel.unixSockets().inFlight());
    assertEquals(1, box.call(Sys.RECVMSG, 1, header(-1, 24), 0x40000000));
    assertEquals(20, box.getLong(0x600));
    assertEquals(3, box.getInt(0x610));
    assertEquals(box.file(2), box.file(3));
    assertEquals(0, box.kernel.unixSockets().inFlight());
    assertEquals(-Errno.EBADF, box.call(Sys.SENDMSG, 0, header(77, 24), 0));
    assertEquals(1, box.call(Sys.SENDMSG, 0, header(2, 24), 0));
    assertEquals(1, box.call(Sys.RECVMSG, 1, header(-1, 0), 0));
    assertEquals(8, box.getInt(0x730));
  }

  @Test
  void filesInFlightAreReleasedWithTheSocketAndLimited() {
    pair(STREAM);
    box.call(Sys.EVENTFD, 0);
    assertEquals(1, box.call(Sys.SENDMSG, 0, header(2, 24), 0));
    box.task.process().limits().set(Limits.NOFILE, 3, 3);
    for (int i = 0; i < 3; i++) {
      assertEquals(1, box.call(Sys.SENDMSG, 0, header(2, 24), 0));
    }
    assertEquals(-Errno.ETOOMANYREFS, box.call(Sys.SENDMSG, 0, header(2, 24), 0));
  }

  @Test
  void credentialsComeWhenAskedFor() {
    pair(STREAM);
    box.putInts(0x300, 1);
    assertEquals(0, box.call(Sys.SETSOCKOPT, 1, 1, 16, B + 0x300, 4));
    send(0, "x");
    assertEquals(1, box.call(Sys.RECVMSG, 1, header(-1, 64), 0));
    assertEquals(28, box.getLong(0x600));
    assertEquals(2, box.getInt(0x60c));
    assertEquals(1, box.getInt(0x610));
    assertEquals(32, box.getLong(0x700 + 40));
  }

  @Test
  void writerWaitsForRoomAndReaderForAll() {
    pair(STREAM);
    int total = 1 << 20;
    CompletableFuture<Long> written =
        box.start(
            box.newTask(2),
            t -> box.call(t, Sys.SENDTO, 0, FlatMemory.BASE + (1 << 21), total, 0, 0, 0));
    long to = FlatMemory.BASE + (1 << 22);
    assertEquals(total, box.call(Sys.RECVFROM, 1, to, total, 0x100, 0, 0));
    assertEquals(total, written.join());
  }

  @Test
  void receiveTimeoutIsEagain() {
    pair(STREAM);
    box.putLongs(0x300, 0, 1000);
    assertEquals(0, box.call(Sys.SETSOCKOPT, 0, 1, 20, B + 0x300, 16));
    assertEquals(-Errno.EAGAIN, box.call(Sys.RECVFROM, 0, DATA, 1, 0, 0, 0));
    box.putLongs(0x300, 0, 1000000);
    assertEquals(-Errno.EDOM, box.call(Sys.SETSOCKOPT, 0, 1, 20, B + 0x300, 16));
  }

  @Test
  void severalMessagesAtOnce() {
    pair(DGRAM);
    box.put(0x10000, "ab");
    box.putLongs(0x500, DATA, 1);
    box.putLongs(0x508 + 8, DATA + 1, 1);
    box.putLongs(0x700, 0, 0, B + 0x500, 1, 0, 0, 0, 0);
    box.putLongs(0x740, 0, 0, B + 0x510, 1, 0, 0, 0, 0);
    assertEquals(2, box.call(Sys.SENDMMSG, 0, B + 0x700, 2, 0));
    assertEquals(1, box.getInt(0x738));
    assertEquals(2, box.call(Sys.RECVMMSG, 1, B + 0x700, 2, 0x10000, 0));
    assertEquals("ab", box.get(0x10000, 2));
    assertEquals(-Errno.EAGAIN, box.call(Sys.RECVMMSG, 1, B + 0x700, 2, DONTWAIT, 0));
  }
}
