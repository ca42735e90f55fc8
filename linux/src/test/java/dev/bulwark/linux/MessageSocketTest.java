package dev.bulwark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MessageSocketTest {
  private final Frame frame = new Frame(1024);
  private MessageSocket near;
  private MessageSocket far;

  @BeforeEach
  void connect() throws HostException {
    MessageSocket[] pair = MessageSocket.pair();
    near = pair[0];
    far = pair[1];
  }

  @AfterEach
  void disconnect() {
    near.close();
    far.close();
  }

  @Test
  void messagesKeepTheirBounds() {
    frame.clear().putInt(1);
    assertEquals(0, near.send(frame));
    frame.clear().putLong(2);
    assertEquals(0, near.send(frame));
    assertEquals(4, far.receive(frame));
    assertEquals(1, frame.bytes().getInt());
    assertEquals(8, far.receive(frame));
    assertEquals(2, frame.bytes().getLong());
    assertFalse(frame.bytes().hasRemaining());
  }

  @Test
  void descriptorsTravelWithAMessage(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("f"), "content");
    long fd = HostPath.openAt(HostPath.AT_FDCWD, file.toString(), HostPath.O_CLOEXEC, 0);
    frame.clear().put((byte) 1);
    frame.attach((int) fd);
    frame.attach((int) fd);
    assertEquals(0, near.send(frame));
    HostFile.close((int) fd);

    assertEquals(1, far.receive(frame));
    assertEquals(2, frame.descriptorCount());
    int received = frame.takeDescriptor();
    Statx stat = new Statx();
    assertEquals(0, stat.fill(received, ""));
    assertEquals(7, stat.size());
    HostFile.close(received);
    frame.closeDescriptors();
    assertEquals(-1, frame.takeDescriptor());
  }

  @Test
  void messageThatDoesNotFitIsRefused() {
    frame.clear().putLong(1).putLong(2);
    assertEquals(0, near.send(frame));
    assertEquals(-Errno.EMSGSIZE, far.receive(new Frame(8)));
  }

  @Test
  void otherEndGoneIsTheEndOfMessages() {
    near.close();
    assertEquals(0, far.receive(frame));
    frame.clear().put((byte) 1);
    assertEquals(-Errno.EPIPE, far.send(frame));
    far.awaitHangUp();
  }

  @Test
  void closeEndsCallsInProgress() throws Exception {
    Thread receiver = Thread.ofPlatform().start(() -> far.receive(frame));
    Thread watcher = Thread.ofPlatform().start(() -> far.awaitHangUp());
    while (receiver.getState() != Thread.State.RUNNABLE || !watcher.isAlive()) {
      Thread.onSpinWait();
    }
    far.close();
    receiver.join();
    watcher.join();
    assertEquals(0, far.receive(frame));
    assertTrue(HostCall.failed(HostCall.call(Sys.FCNTL, far.fd(), 1)));
  }
}
