package dev.bulwark.gofer;

import static dev.bulwark.gofer.Served.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.Frame;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.MessageSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConnectionTest {
  @TempDir private Path root;

  @Test
  void manyThreadsGetTheirOwnReplies() throws Exception {
    for (int i = 0; i < 8; i++) {
      Files.createDirectory(root.resolve("dir" + i));
      Files.write(root.resolve("dir" + i + "/file"), new byte[i]);
    }
    try (Served served = new Served(root, false, new ServerLimits(1000, 12));
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all =
          IntStream.range(0, 8)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            for (int n = 0; n < 500; n++) {
                              NodeInfo file = served.find("dir" + i + "/file");
                              assertEquals(i, file.attributes().size());
                              HostFile.close(served.client.open(file.node(), Client.READ));
                              NodeInfo link =
                                  served.client.makeSymlink(served.root, "l" + i, "x", 0, 0).info();
                              served.client.rename(served.root, "l" + i, served.root, "m" + i, 0);
                              served.client.unlink(served.root, "m" + i);
                              served.forget(file, link);
                            }
                            return 0;
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
      assertTrue(served.log.isEmpty(), served.log::toString);
    }
  }

  @Test
  void deathWakesAllWhoWaitAndIsReportedOnce() throws Exception {
    MessageSocket[] pair = MessageSocket.pair();
    CountDownLatch deaths = new CountDownLatch(1);
    try (Client client = new Client(pair[0], deaths::countDown);
        ExecutorService threads = Executors.newFixedThreadPool(5)) {
      List<Future<?>> waiting =
          IntStream.range(0, 5)
              .<Future<?>>mapToObj(
                  i -> threads.submit(() -> assertFails(Errno.EIO, () -> client.attributes(1))))
              .toList();
      Frame frame = new Frame(Wire.MAX_MESSAGE);
      for (int i = 0; i < 5; i++) {
        assertTrue(pair[1].receive(frame) > 0);
      }
      pair[1].close();
      for (Future<?> one : waiting) {
        one.get();
      }
      deaths.await();
      assertFails(Errno.EIO, () -> client.attach(0));
      assertFails(Errno.EIO, () -> client.forget(new long[] {1}, new int[] {1}));
    }
  }

  @Test
  void deathIsNoticedWhileNobodyAsks() throws Exception {
    MessageSocket[] pair = MessageSocket.pair();
    CountDownLatch death = new CountDownLatch(1);
    try (Client client = new Client(pair[0], death::countDown)) {
      pair[1].close();
      death.await();
      assertFails(Errno.EIO, () -> client.attach(0));
    }
  }

  @Test
  void replyThatMakesNoSenseIsDeath() throws Exception {
    for (int i = 0; i < 200; i++) {
      MessageSocket[] pair = MessageSocket.pair();
      byte[] noise = noise(new Random(i));
      Thread liar =
          Thread.ofPlatform()
              .start(
                  () -> {
                    Frame frame = new Frame(Wire.MAX_MESSAGE);
                    pair[1].receive(frame);
                    int tag = frame.bytes().getInt();
                    frame.clear().putInt(tag).put((byte) (noise[0] & 0xf)).put(noise);
                    pair[1].send(frame);
                    pair[1].receive(frame);
                    pair[1].close();
                  });
      try (Client client = new Client(pair[0], () -> {})) {
        try {
          client.attach(0);
        } catch (GoferException e) {
          assertTrue(e.errno() > 0);
        }
      }
      liar.join();
    }
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void closeIsNoDeath() throws Exception {
    Served served = Served.writable(root);
    served.close();
    assertEquals(1, served.death.getCount());
    assertFails(Errno.EIO, () -> served.client.attach(0));
  }

  /** Whatever bytes a client sends, the server answers or ends the connection with a line. */
  @Test
  void noiseNeverCrashesTheServer() throws Exception {
    Files.createDirectories(root.resolve("a/b"));
    Random random = new Random(42);
    for (int i = 0; i < 300; i++) {
      try (Served served = Served.writable(root)) {
        served.find("a/b");
        Frame frame = new Frame(Wire.MAX_MESSAGE);
        for (int n = 0; n < 20; n++) {
          frame.clear().putInt(-1 - n);
          if (random.nextBoolean()) { // looks like a request at first
            frame.bytes().put((byte) random.nextInt(23)).putLong(1 + random.nextInt(5));
            if (random.nextBoolean()) {
              frame.bytes().putInt(random.nextInt(-1, 5));
            }
          }
          byte[] noise = noise(random);
          frame.bytes().put(noise);
          if (served.near.send(frame) != 0) {
            break;
          }
        }
      }
    }
    try (Served served = Served.writable(root)) {
      served.find("a/b");
    }
  }

  @Test
  void malformedMessageEndsTheConnectionWithALine() throws Exception {
    try (Served served = Served.writable(root)) {
      Frame frame = new Frame(64);
      frame.clear().putInt(1).put((byte) 1).putLong(1).putInt(1000000);
      assertEquals(0, served.near.send(frame));
      served.death.await();
      assertFalse(served.log.isEmpty());
      assertTrue(served.log.peek().contains("the Sentry sent a count of 1000000"));
    }
  }
}
