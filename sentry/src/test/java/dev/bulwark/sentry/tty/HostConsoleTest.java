package dev.bulwark.sentry.tty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostIo;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.signal.Sandbox;
import dev.bulwark.sentry.signal.Signals;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A socket stands for the terminal of the host. */
@Timeout(20)
class HostConsoleTest {
  private static final long SECONDS = 10_000_000_000L;

  private final Sandbox sandbox = new Sandbox();
  private final PtySystem system = sandbox.kernel.terminals();
  private final int[] sockets;
  private final HostConsole console;
  private final Pty pty;
  private final int opened;
  private boolean open = true;

  HostConsoleTest() throws Exception {
    sockets = HostIo.socketPair();
    console = HostConsole.start(system, sockets[0], sockets[0], sandbox.init.credentials());
    pty = console.pty();
    opened = pty.openSlave(false);
  }

  @AfterEach
  void close() {
    if (open) {
      HostIo.close(sockets[1]);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private String fromHost() {
    byte[] bytes = new byte[100];
    int n = HostIo.receive(sockets[1], bytes);
    return new String(bytes, 0, n, StandardCharsets.US_ASCII);
  }

  @Test
  void keysReachTheSlaveAndTheirEchoTheHost() {
    HostIo.send(sockets[1], bytes("hi\r"));
    assertEquals("hi\r\n", fromHost());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(10);
      assertEquals(3, pty.readTyped(IoBuffer.of(memory), opened));
      assertEquals('h', memory.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void outputReachesTheHostBeforeTheEnd() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes("bye\n"));
      assertEquals(4, pty.show(IoBuffer.of(memory), opened));
    }
    console.flush(SECONDS);
    assertEquals("bye\r\n", fromHost());
  }

  @Test
  void keysThatMeanSignalsReachTheForeground() {
    Task job = sandbox.fork(sandbox.init);
    Sandbox.handle(job, Signals.SIGINT, 0);
    sandbox.tree.setGroup(job.process(), 0, 0);
    ControllingTerminal.begin(sandbox.tree, sandbox.init.process(), pty);
    pty.setForeground(job.tid());
    HostIo.send(sockets[1], bytes("\003"));
    assertEquals("^C", fromHost());
    assertTrue(job.interrupted());
  }

  @Test
  void closedHostHangsTheTerminalUp() throws InterruptedException {
    CountDownLatch woken = new CountDownLatch(1);
    pty.slaveQueue().add(_ -> woken.countDown(), 0);
    open = false;
    HostIo.close(sockets[1]);
    woken.await();
    assertTrue(pty.hungUp(opened));
    assertNull(system.find(pty.index()));
    assertEquals(-Errno.EIO, pty.openSlave(true));
  }
}
