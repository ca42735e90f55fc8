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
          new ProcessSpec(
              List.of("sh", "-c", "echo \u00fc\u00ff"),
              List.of("PATH=/bin", "EMPTY="),
              "/work",
              new UserSpec("nobody:100", -2, 100, List.of(4, 24), 027),
              new CapabilitySets(1, 2, 3, 4, 5),
              List.of(new RlimitSpec(7, 1024, -1)),
              true,
              -500,
              7,
              List.of(new FileOwner(0, 5), new FileOwner(-2, 5), new FileOwner(1, 2))),
          "box",
          "example",
          RootMode.WRITE_THROUGH,
          List.of(new MountSpec("/data", MountSpec.BIND, "/srv", 1, 5, "size=1m")),
          List.of(DeviceSpec.character("/dev/null", 1, 3), DeviceSpec.link("/dev/fd", "x")),
          List.of("/proc/kcore"),
          List.of("/proc/sys"),
          List.of("kernel.shmmax=1"),
          new ResourceLimits(1L << 40, 0, 50_000, 100_000, 512, "0-1", 100),
          new SeccompProfile(
              SeccompProfile.Action.ERRNO,
              38,
              List.of(),
              List.of(
                  new SeccompProfile.Rule(
                      List.of("read"), SeccompProfile.Action.ALLOW, -1, List.of()))),
          NetworkMode.HOST_STACK,
          "settings",
          new TraceSpec(true, "open,read"),
          "\u0010\u0000",
          PlatformChoice.PTRACE,
          24,
          true,
          true);

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
            new Message.OutOfMemory(),
            new Message.Outlive(4711),
            new Message.Ended(139, "why"),
            new Message.Failed(127, "no such command"))) {
      byte[] bytes = message.encode();
      assertEquals(message, Message.decode(bytes, bytes.length));
    }
  }

  @Test
  void requestsComeBackAsTheyWere() throws MalformedException {
    for (Request request :
        List.of(
            new Request.AwaitCreated(),
            new Request.Start(),
            new Request.Kill(9, true),
            new Request.Execute(4711),
            new Request.Outlive(4712),
            new Request.ListProcesses(),
            new Request.CountCalls(),
            new Request.Limit(new ResourceLimits(1L << 33, 0, 0, 0, 0, "", 9)))) {
      byte[] bytes = request.encode();
      assertEquals(request, Request.decode(bytes, bytes.length));
    }
  }

  @Test
  void answersComeBackAsTheyWere() throws MalformedException {
    for (Answer answer :
        List.of(
            new Answer.Done(),
            new Answer.Refused(127, "why"),
            new Answer.Executed(7),
            new Answer.Calls(17, 1L << 50),
            new Answer.Processes(
                List.of(new Answer.ProcessInfo(1, 0, 4711, -2, 3, 1L << 40, "sh"))))) {
      byte[] bytes = answer.encode();
      assertEquals(answer, Answer.decode(bytes, bytes.length));
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
