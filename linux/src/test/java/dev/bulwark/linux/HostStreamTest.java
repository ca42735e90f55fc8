package dev.bulwark.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostStreamTest {
  private static final int F_GETFD = 1;

  private static boolean open(int fd) {
    return HostCall.call(Sys.FCNTL, fd, F_GETFD, 0) >= 0;
  }

  @Test
  void closedStreamDoesNothingToTheFileThatHasItsNumberNow() throws Exception {
    int[] pair = HostStream.pair();
    HostStream stream = new HostStream(pair[0]);
    stream.close();
    HostIo.close(pair[1]);
    int[] next = HostStream.pair();
    assertEquals(pair[0], next[0]);
    byte[] bytes = {1, 2, 3};
    stream.shutdown();
    stream.close();
    assertEquals(-Errno.EBADF, stream.read(new byte[1]));
    assertEquals(-Errno.EBADF, stream.write(bytes, 0, 3));
    try (HostStream a = new HostStream(next[0]);
        HostStream b = new HostStream(next[1])) {
      assertEquals(0, a.write(bytes, 0, 3));
      byte[] got = new byte[3];
      assertEquals(3, b.read(got));
      assertArrayEquals(bytes, got);
    }
  }

  @Test
  void whoReadsWhileItIsClosedFindsTheEndAndTheDescriptorGoesWithIt() throws Exception {
    int[] pair = HostStream.pair();
    HostStream stream = new HostStream(pair[0]);
    CompletableFuture<Integer> result = new CompletableFuture<>();
    Thread reader = Thread.ofPlatform().start(() -> result.complete(stream.read(new byte[1])));
    while (reader.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    stream.close();
    int end = result.get(60, TimeUnit.SECONDS);
    assertTrue(end == 0 || end == -Errno.EBADF, "read gave " + end);
    reader.join();
    assertTrue(!open(pair[0]), "the descriptor is still open");
    HostIo.close(pair[1]);
  }
}
