package dev.bulwark.sentry.net.inet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.TestSandbox;
import dev.bulwark.sentry.mm.FlatMemory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sockets of the host through the calls of a sandbox, on the loopback interface. */
class InetSocketTest {
  private static final int STREAM = 1;
  private static final int DGRAM = 2;
  private static final int RAW = 3;
  private static final int NONBLOCK = 04000;
  private static final int DONTWAIT = 0x40;
  private static final int SOL_SOCKET = 1;
  private static final long B = FlatMemory.BASE;
  private static final long NAME = B + 0x1000;
  private static final long LENGTH = B + 0x1100;
  private static final long DATA = B + 0x10000;

  private final TestSandbox box = new TestSandbox();
  private HostStack stack;

  @BeforeEach
  void start() throws HostException {
    int directory = HostPath.O_PATH | HostPath.O_DIRECTORY;
    stack = HostStack.start(box.kernel.inodeNumbers(), HostIo.open("/proc", directory, 0));
    box.kernel.setNetwork(stack);
    box.task.setCredentials(Credentials.of(0, 0, new int[0], Capability.ALL));
  }

  @AfterEach
  void nothingIsLeft() {
    box.files.close();
    assertEquals(0, stack.sockets().count());
    assertTrue(stack.sockets().all().isEmpty());
    stack.files().close();
  }

  private int socket(int type) {
    return (int) box.call(Sys.SOCKET, 2, type, 0);
  }

  private void address(int port) {
    int swapped = (port & 0xff) << 8 | port >>> 8;
    box.putLongs(0x1000, 0x0100007f00000002L | (long) swapped << 16, 0);
  }

  private int bound(int type) {
    int fd = socket(type);
    address(0);
    assertEquals(0, box.call(Sys.BIND, fd, NAME, 16));
    return fd;
  }

  /** Leaves the name of a socket where addresses are. */
  private void nameOf(int fd) {
    box.putInts(0x1100, 16);
    assertEquals(0, box.call(Sys.GETSOCKNAME, fd, NAME, LENGTH));
    assertEquals(16, box.getInt(0x1100));
  }

  private int[] connected() {
    int server = bound(STREAM);
    assertEquals(0, box.call(Sys.LISTEN, server, 5));
    nameOf(server);
    int client = socket(STREAM);
    assertEquals(0, box.call(Sys.CONNECT, client, NAME, 16));
    int accepted = (int) box.call(Sys.ACCEPT, server, 0, 0);
    assertTrue(accepted > 0);
    return new int[] {client, accepted, server};
  }

  @Test
  void bytesTravel() {
    int[] pair = connected();
    assertEquals(5, box.call(Sys.SENDTO, pair[0], box.put(0x10000, "hello"), 5, 0, 0, 0));
    assertEquals(5, box.call(Sys.READ, pair[1], DATA + 0x100, 100));
    assertEquals("hello", box.get(0x10100, 5));
    assertEquals(-Errno.EAGAIN, box.call(Sys.RECVFROM, pair[1], DATA, 10, DONTWAIT, 0, 0));
  }

  @Test
  void readerSleepsUntilSomethingComes() throws Exception {
    int[] pair = connected();
    CompletableFuture<Long> reader =
        box.start(box.newTask(2), task -> box.call(task, Sys.READ, pair[1], DATA + 0x100, 100));
    box.awaitWaiter(box.file(pair[1]));
    box.call(Sys.SENDTO, pair[0], box.put(0x10000, "late"), 4, 0, 0, 0);
    assertEquals(4, reader.get());
  }

  @Test
  void accepterSleepsUntilSomebodyConnects() throws Exception {
    int server = bound(STREAM);
    box.call(Sys.LISTEN, server, 5);
    CompletableFuture<Long> accepter =
        box.start(box.newTask(2), task -> box.call(task, Sys.ACCEPT, server, 0, 0));
    box.awaitWaiter(box.file(server));
    nameOf(server);
    int client = socket(STREAM);
    assertEquals(0, box.call(Sys.CONNECT, client, NAME, 16));
    assertTrue(accepter.get() > client);
  }

  @Test
  void waitersComeAndGoWithoutLosingAnything() throws Exception {
    int[] pair = connected();
    for (int i = 0; i < 50; i++) {
      // While nobody waits the host's notices stop; they must start again.
      box.call(Sys.SENDTO, pair[0], box.put(0x10000, "ab"), 2, 0, 0, 0);
      assertEquals(1, box.call(Sys.READ, pair[1], DATA + 0x100, 1));
      assertEquals(1, box.call(Sys.READ, pair[1], DATA + 0x100, 1));
      int tid = 10 + i;
      CompletableFuture<Long> reader =
          box.start(box.newTask(tid), task -> box.call(task, Sys.READ, pair[1], DATA + 0x200, 9));
      box.awaitWaiter(box.file(pair[1]));
      box.call(Sys.SENDTO, pair[0], box.put(0x10000, "xyz"), 3, 0, 0, 0);
      assertEquals(3, reader.get());
    }
  }

  @Test
  void refusedConnection() {
    int gone = bound(STREAM);
    nameOf(gone);
    box.call(Sys.CLOSE, gone);
    int blocking = socket(STREAM);
    assertEquals(-Errno.ECONNREFUSED, box.call(Sys.CONNECT, blocking, NAME, 16));
    int other = socket(STREAM | NONBLOCK);
    long result = box.call(Sys.CONNECT, other, NAME, 16);
    assertTrue(result == -Errno.ECONNREFUSED || result == -Errno.EINPROGRESS);
  }

  @Test
  void familiesTypesAndProtocolsAreThoseOfTheList() {
    assertEquals(-Errno.EPROTONOSUPPORT, box.call(Sys.SOCKET, 2, STREAM, 132));
    assertEquals(-Errno.EPROTONOSUPPORT, box.call(Sys.SOCKET, 2, STREAM, 262));
    assertEquals(-Errno.EPROTONOSUPPORT, box.call(Sys.SOCKET, 2, RAW, 255));
    assertEquals(-Errno.EPROTONOSUPPORT, box.call(Sys.SOCKET, 2, RAW, 17));
    assertEquals(-Errno.ESOCKTNOSUPPORT, box.call(Sys.SOCKET, 2, 5, 0));
    assertEquals(-Errno.EAFNOSUPPORT, box.call(Sys.SOCKET, 17, RAW, 0x300));
    assertEquals(-Errno.EAFNOSUPPORT, box.call(Sys.SOCKET, 40, STREAM, 0));
    assertEquals(-Errno.EAFNOSUPPORT, box.call(Sys.SOCKET, 38, 5, 0));
    assertEquals(-Errno.EPROTONOSUPPORT, box.call(Sys.SOCKET, 16, RAW, 15));
    assertEquals(-Errno.EPROTONOSUPPORT, box.call(Sys.SOCKET, 16, RAW, 4));
  }

  @Test
  void privilegesAreTheApplications() {
    box.task.setCredentials(Credentials.of(1000, 1000, new int[0], 0));
    assertEquals(-Errno.EPERM, box.call(Sys.SOCKET, 2, RAW, 1));
    assertEquals(-Errno.EPERM, box.call(Sys.SOCKET, 17, RAW, 0));
    int fd = socket(STREAM);
    address(80);
    assertEquals(-Errno.EACCES, box.call(Sys.BIND, fd, NAME, 16));
    box.putInts(0x2000, 1);
    assertEquals(-Errno.EPERM, box.call(Sys.SETSOCKOPT, fd, SOL_SOCKET, 36, B + 0x2000, 4));
    assertEquals(-Errno.EPERM, box.call(Sys.IOCTL, fd, 0x8914, B + 0x2000));
  }

  @Test
  void filtersAndOtherPrograms() {
    int fd = socket(DGRAM);
    box.putLongs(0x2000, 1, DATA);
    for (int name : new int[] {26, 50, 51, 52, 60}) { // filters, their kin, and SO_ZEROCOPY
      assertEquals(
          -Errno.ENOPROTOOPT, box.call(Sys.SETSOCKOPT, fd, SOL_SOCKET, name, B + 0x2000, 16));
    }
    int tcp = socket(STREAM);
    for (int name : new int[] {14, 19, 31, 35, 38}) { // MD5SIG, REPAIR, ULP, zero-copy, AO
      assertEquals(-Errno.ENOPROTOOPT, box.call(Sys.SETSOCKOPT, tcp, 6, name, B + 0x2000, 16));
      box.putInts(0x1100, 16);
      long got = box.call(Sys.GETSOCKOPT, tcp, 6, name, B + 0x2000, LENGTH);
      assertEquals(-Errno.ENOPROTOOPT, got, "option " + name);
    }
    assertEquals(-Errno.ENOPROTOOPT, box.call(Sys.SETSOCKOPT, fd, 0, 3, B + 0x2000, 4));
    assertEquals(-Errno.ENOPROTOOPT, box.call(Sys.SETSOCKOPT, fd, 0, 64, B + 0x2000, 16));
  }

  @Test
  void closingDoesNotLinger() {
    int[] pair = connected();
    box.putInts(0x2000, 1, 3600);
    assertEquals(0, box.call(Sys.SETSOCKOPT, pair[0], SOL_SOCKET, 13, B + 0x2000, 8));
    box.putInts(0x2000, 0, 0);
    box.putInts(0x1100, 8);
    assertEquals(0, box.call(Sys.GETSOCKOPT, pair[0], SOL_SOCKET, 13, B + 0x2000, LENGTH));
    assertEquals(3600, box.getInt(0x2004));
    // The peer takes nothing, so that the host would wait for an hour.
    long sent;
    do {
      sent = box.call(Sys.SENDTO, pair[0], DATA, 60_000, DONTWAIT, 0, 0);
    } while (sent > 0);
    assertEquals(0, box.call(Sys.CLOSE, pair[0]));
  }

  @Test
  void vectorsOfManyPartsArriveWhole() {
    int[] pair = connected();
    int parts = 1024;
    long[] vector = new long[2 * parts];
    for (int i = 0; i < parts; i++) {
      vector[2 * i] = box.put(0x10000 + i, String.valueOf((char) ('a' + i % 26)));
      vector[2 * i + 1] = 1;
    }
    long at = box.putLongs(0x4000, vector);
    assertEquals(parts, box.call(Sys.WRITEV, pair[0], at, parts));
    assertEquals(parts, box.call(Sys.RECVFROM, pair[1], DATA + 0x1000, parts, 0x100, 0, 0));
    assertEquals(box.get(0x10000, parts), box.get(0x11000, parts));
  }

  @Test
  void inodesAreFoundInTheHostsLists() throws ErrnoException {
    int server = bound(STREAM);
    box.call(Sys.LISTEN, server, 1);
    InetSocket socket = (InetSocket) box.file(server);
    String table = stack.files().net("tcp");
    assertNotNull(table);
    assertTrue(table.contains(" " + socket.hostInode() + " "), table);
  }
}
