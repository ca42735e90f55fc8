package dev.bulwark.microvm.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.HostStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guests whose agent is not ours: whatever they send, whoever waits for them is told. */
@Timeout(120)
class HostileGuestTest {
  private HostStream guest;
  private AgentConnection connection;

  @BeforeEach
  void connect() throws Exception {
    int[] pair = HostStream.pair();
    guest = new HostStream(pair[0]);
    connection = AgentConnection.over(new HostStream(pair[1]));
  }

  @AfterEach
  void disconnect() {
    connection.close();
    guest.close();
  }

  private void send(int type, int id, Payload payload) throws AgentException {
    byte[] frame = payload.frame(type, id);
    guest.write(frame, 0, frame.length);
  }

  /** Reads requests and answers each with what a test wants. */
  private void answer(java.util.function.IntFunction<Payload> result) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              FrameAssembler assembler = new FrameAssembler();
              byte[] chunk = new byte[65536];
              try {
                for (int n = guest.read(chunk); n > 0; n = guest.read(chunk)) {
                  for (byte[] frame : assembler.add(chunk, n)) {
                    send(Wire.REPLY, frame[1], result.apply(frame[0]));
                  }
                }
              } catch (MalformedFrameException | AgentException failure) {
                guest.shutdown();
              }
            });
  }

  private AgentProcess spawned() throws AgentException {
    answer(type -> new Payload().number(0, 4).number(4711, 4));
    return connection.spawn(Program.of(List.of("/bin/true")));
  }

  @Test
  void connectionThatEndsLeavesTheNextOneAloneThoughItHasItsNumber() throws Exception {
    for (int round = 0; round < 1000; round++) {
      disconnect();
      connect();
      byte[] byteOfNoFrame = {0};
      assertEquals(0, guest.write(byteOfNoFrame, 0, 1), "round " + round);
    }
  }

  @Test
  void versionThatIsNotOursIsRefused() throws Exception {
    send(Wire.HELLO, 0, new Payload().number(99, 4));
    AgentException failure = assertThrows(AgentException.class, () -> connection.awaitHello(60));
    assertTrue(failure.getMessage().contains("bulwark image build"), failure.getMessage());
  }

  @Test
  void silenceBeforeTheGreetingHasAnEnd() {
    assertThrows(AgentException.class, () -> connection.awaitHello(1));
  }

  @Test
  void endOfTheMachineEndsEveryWait() throws Exception {
    AgentProcess process = spawned();
    guest.shutdown();
    assertThrows(AgentException.class, process::await);
    assertThrows(AgentException.class, () -> process.read(1));
    assertThrows(AgentException.class, () -> connection.ping());
    assertThrows(AgentException.class, () -> process.write(new byte[1 << 20], 1 << 20));
  }

  @Test
  void answerToNothingEndsTheConnection() throws Exception {
    send(Wire.REPLY, 77, new Payload().number(0, 4));
    AgentException failure = assertThrows(AgentException.class, () -> awaitLost());
    assertTrue(failure.getMessage().contains("an answer to nothing"), failure.getMessage());
  }

  private void awaitLost() throws AgentException, InterruptedException {
    connection.awaitHello(60);
  }

  @Test
  void floodOfOutputBeyondTheWindowEndsTheConnection() throws Exception {
    AgentProcess process = spawned();
    byte[] chunk = new byte[32768];
    for (int i = 0; i < 9; i++) {
      send(Wire.OUTPUT, 1, new Payload().number(1, 1).bytes(chunk, 0, chunk.length));
    }
    AgentException failure = assertThrows(AgentException.class, process::await);
    assertTrue(failure.getMessage().contains("more output"), failure.getMessage());
  }

  @Test
  void creditThatWasNotUsedEndsTheConnection() throws Exception {
    AgentProcess process = spawned();
    send(Wire.CREDIT, 1, new Payload().number(1, 4));
    assertThrows(AgentException.class, process::await);
  }

  @Test
  void secondEndOfAProcessEndsTheConnection() throws Exception {
    AgentProcess process = spawned();
    send(Wire.EXIT, 1, new Payload().number(0, 4));
    assertEquals(0, process.await());
    send(Wire.EXIT, 1, new Payload().number(1 << 8, 4));
    assertThrows(AgentException.class, () -> process.read(1));
  }

  @Test
  void resultsOfTheWrongSizeAreRefused() {
    answer(type -> new Payload().number(0, 4).number(1, 3));
    assertThrows(AgentException.class, () -> connection.ping());
  }

  @Test
  void framesComeWholeHoweverTheyArriveAndRandomOnesNeverPassTheDecoder() throws Exception {
    Random random = new Random(6);
    FrameAssembler assembler = new FrameAssembler();
    List<byte[]> sent = new ArrayList<>();
    List<byte[]> got = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      byte[] body = new byte[random.nextInt(2000)];
      random.nextBytes(body);
      byte[] frame = new Payload().bytes(body, 0, body.length).frame(random.nextInt(256), i);
      sent.add(Arrays.copyOfRange(frame, 4, frame.length));
      for (int at = 0; at < frame.length; ) {
        int n = Math.min(frame.length - at, random.nextInt(1, 700));
        got.addAll(assembler.add(Arrays.copyOfRange(frame, at, at + n), n));
        at += n;
      }
    }
    assertEquals(sent.size(), got.size());
    for (int i = 0; i < sent.size(); i++) {
      assertArrayEquals(sent.get(i), got.get(i));
      try {
        assertTrue(Report.decode(got.get(i)) != null);
      } catch (MalformedFrameException refused) {
        assertTrue(refused.getMessage().startsWith("the guest agent sent"));
      }
    }
    for (int length : new int[] {0, 4, -1, Wire.MOST_FRAME + 1, Integer.MAX_VALUE}) {
      byte[] head = Arrays.copyOf(new Payload().number(length, 4).frame(0, 0), 13);
      assertThrows(
          MalformedFrameException.class,
          () -> new FrameAssembler().add(Arrays.copyOfRange(head, 9, 13), 4),
          "length " + length);
    }
  }
}
