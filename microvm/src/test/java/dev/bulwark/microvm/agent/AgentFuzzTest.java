package dev.bulwark.microvm.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Garbage for the agent's parser: it serves on, or ends by its own decision, and never crashes. */
@Timeout(300)
class AgentFuzzTest {
  private static final int ROUNDS = 12;
  private static final int FRAMES = 400;

  @Test
  void wellFramedGarbageIsAnsweredOrIgnored() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(round);
      try (RunningAgent agent = RunningAgent.harmless()) {
        drain(agent);
        for (int i = 0; i < FRAMES; i++) {
          byte[] frame = new Payload().frame(random.nextInt(1, 20), random.nextInt(4));
          byte[] payload = payload(random);
          byte[] whole = java.util.Arrays.copyOf(frame, frame.length + payload.length);
          System.arraycopy(payload, 0, whole, frame.length, payload.length);
          int length = whole.length - 4;
          whole[0] = (byte) length;
          whole[1] = (byte) (length >>> 8);
          whole[2] = (byte) (length >>> 16);
          if (whole[4] == Wire.POWER_OFF) {
            continue;
          }
          assertEquals(0, agent.stream.write(whole, 0, whole.length), "round " + round);
        }
        agent.stream.shutdown();
        assertEquals(1, agent.exitCode(), "round " + round);
      }
    }
  }

  @Test
  void bytesThatAreNoFramesEndIt() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(1000 + round);
      byte[] garbage = new byte[100_000];
      random.nextBytes(garbage);
      garbage[3] |= 1; // a length of megabytes
      try (RunningAgent agent = RunningAgent.harmless()) {
        drain(agent);
        agent.stream.write(garbage, 0, garbage.length);
        assertEquals(1, agent.exitCode(), "round " + round);
      }
    }
  }

  /** Numbers that are small, or lengths that lie, are likelier to get somewhere than noise. */
  private static byte[] payload(Random random) throws AgentException {
    Payload payload = new Payload();
    for (int i = random.nextInt(6); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> payload.number(random.nextInt(4), 4);
        case 1 -> payload.number(random.nextLong(), 8);
        case 2 -> payload.string("/proc/no/".substring(0, random.nextInt(9))); // nothing to make
        default -> payload.number(random.nextInt(), random.nextInt(5));
      }
    }
    byte[] frame = payload.frame(0, 0);
    return java.util.Arrays.copyOfRange(frame, Wire.HEAD, frame.length);
  }

  private static void drain(RunningAgent agent) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              byte[] chunk = new byte[65536];
              long all = 0;
              for (int n = agent.stream.read(chunk); n > 0; n = agent.stream.read(chunk)) {
                all += n;
              }
              assertTrue(all >= 0);
            });
  }
}
