package dev.bulwark.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ControlTest {
  private static final SandboxSpec SPEC =
      new SandboxSpec(
          List.of("sh", "-c", "echo \u00fc\u00ff"),
          List.of("PATH=/bin", "EMPTY="),
          "/work",
          "nobody:100",
          "box",
          RootMode.WRITE_THROUGH,
          1L << 40,
          7,
          "settings",
          new TraceSpec(true, "open,read"),
          "\u0010\u0000",
          true,
          NetworkMode.HOST_STACK);

  @Test
  void specificationComesBackAsItWas() throws MalformedException {
    assertEquals(SPEC, SandboxSpec.decode(SPEC.encode()));
  }

  @Test
  void messagesComeBackAsTheyWere() throws MalformedException {
    for (Message message :
        List.of(
            new Message.Signal(15),
            new Message.WindowChanged(),
            new Message.Started(),
            new Message.Ended(139, "why"),
            new Message.Failed(127, "no such command"))) {
      byte[] bytes = message.encode();
      assertEquals(message, Message.decode(bytes, bytes.length));
    }
  }

  @Test
  void truncatedSpecificationIsRefused() {
    byte[] bytes = SPEC.encode();
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThrows(MalformedException.class, () -> SandboxSpec.decode(part));
    }
  }

  @Test
  void randomBytesNeverDoMoreThanBeRefused() {
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = SPEC.encode();
      for (int flips = random.nextInt(8) + 1; flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      refused += decodes(bytes) ? 0 : 1;
    }
    assertTrue(refused > 5_000, refused + " of 10000 were refused");
  }

  private static boolean decodes(byte[] bytes) {
    try {
      SandboxSpec.decode(bytes);
      return true;
    } catch (MalformedException refusal) {
      return false;
    }
  }

  @Test
  void overlongSentencesAreCutToFitTheDatagram() throws MalformedException {
    byte[] bytes = new Message.Failed(125, "x".repeat(100_000)).encode();
    assertTrue(bytes.length < Message.MAXIMUM_BYTES);
    Message.decode(bytes, bytes.length);
  }
}
