package dev.bulwark.sentry.fs.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.control.FileOwner;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.wait.PollEvents;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostStreamTest {
  private static final FileOwner OWNER = new FileOwner(7, 8);
  private static final Credentials ROOT = Credentials.of(0, 0, new int[0], -1);

  private final Arena arena = Arena.ofAuto();

  private int[] pipe(int flags) throws HostException {
    MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
    HostCall.check(HostCall.call(Sys.PIPE2, pair.address(), flags), "pipe");
    return new int[] {
      pair.getAtIndex(ValueLayout.JAVA_INT, 0), pair.getAtIndex(ValueLayout.JAVA_INT, 1)
    };
  }

  private IoBuffer buffer(int size) {
    return IoBuffer.of(arena.allocate(size));
  }

  /**
   * Blocking or not: a shell's pipe blocks, and setting O_NONBLOCK on it would change it for all.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, OpenFlags.NONBLOCK})
  void pipeNeverBlocksAndWakesItsQueue(int flags) throws Exception {
    int[] pair = pipe(flags);
    HostPoller poller = new HostPoller();
    try (FileDescription in = HostStream.of(pair[0], OWNER, poller)) {
      assertEquals(-Errno.EAGAIN, in.read(buffer(10), FileDescription.AT_POSITION));
      CountDownLatch woken = new CountDownLatch(1);
      Objects.requireNonNull(in.waitQueue()).add(_ -> woken.countDown(), PollEvents.IN);
      HostIo.writeFully(pair[1], new byte[] {1, 2, 3});
      assertTrue(woken.await(10, TimeUnit.SECONDS));
      assertEquals(3, in.read(buffer(10), FileDescription.AT_POSITION));
      HostIo.close(pair[1]);
      assertTrue((in.poll() & PollEvents.HUP) != 0);
      assertEquals(0, in.read(buffer(10), FileDescription.AT_POSITION));
      assertEquals(0, in.flags() & OpenFlags.NONBLOCK);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, OpenFlags.NONBLOCK})
  void writingToAFullPipeGivesEagainAndToAClosedOneEpipe(int flags) throws Exception {
    int[] pair = pipe(flags);
    try (FileDescription out = HostStream.of(pair[1], OWNER, new HostPoller())) {
      long written = 0;
      long n;
      while ((n = out.write(buffer(10_000), FileDescription.AT_POSITION)) > 0) {
        written += n;
      }
      assertEquals(-Errno.EAGAIN, n);
      assertTrue(written > 1 << 15, "wrote " + written);
      HostIo.close(pair[0]);
      assertEquals(-Errno.EPIPE, out.write(buffer(10), FileDescription.AT_POSITION));
    }
  }

  @Test
  void plainFileHasPositionsAndNeverWaits() throws Exception {
    int fd = HostIo.memoryFile("plain", "hello world".getBytes(StandardCharsets.US_ASCII));
    try (FileDescription file = HostStream.of(fd, OWNER, new HostPoller())) {
      assertNull(file.waitQueue());
      assertEquals(6, file.seek(6, 0));
      assertEquals(5, file.read(buffer(100), FileDescription.AT_POSITION));
      assertEquals(11, file.position());
      assertEquals(11, file.attributes().size());
      assertEquals(4, file.read(buffer(4), 0));
      assertEquals(11, file.position());
    }
  }

  @Test
  void reopeningGivesNoMoreThanTheHostGave() throws Exception {
    int[] pair = pipe(0);
    try (FileDescription in = HostStream.of(pair[0], OWNER, new HostPoller())) {
      try (FileDescription again =
          in.reopen(new Opening(in.location(), OpenFlags.RDONLY, ROOT, null))) {
        assertEquals(OWNER.user(), again.attributes().uid());
        HostIo.writeFully(pair[1], new byte[] {1});
        assertEquals(1, again.read(buffer(10), FileDescription.AT_POSITION));
      }
      ErrnoException refused =
          assertThrows(
              ErrnoException.class,
              () -> in.reopen(new Opening(in.location(), OpenFlags.RDWR, ROOT, null)));
      assertEquals(Errno.EACCES, refused.errno());
    }
    HostIo.close(pair[1]);
  }
}
