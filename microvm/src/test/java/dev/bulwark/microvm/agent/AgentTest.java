package dev.bulwark.microvm.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent's own C and its client, talking to each other on the host. */
@Timeout(120)
class AgentTest {
  private static final int LIMIT = 8 << 20;

  private RunningAgent agent;
  private AgentConnection connection;

  @BeforeEach
  void start() throws Exception {
    agent = RunningAgent.start();
    connection = AgentConnection.over(agent.stream);
    connection.awaitHello(60);
  }

  @AfterEach
  void end() throws Exception {
    connection.close();
    assertEquals(1, agent.exitCode());
    agent.close();
  }

  private AgentProcess shell(String script) throws AgentException {
    return connection.spawn(Program.of(List.of("/bin/sh", "-c", script)));
  }

  @Test
  void programGetsItsInputAndBothOutputsComeBackWithItsStatus() throws Exception {
    AgentProcess process = shell("read line; echo \"got $line\"; echo error >&2; exit 7");
    process.write("hello\n".getBytes(ISO_8859_1), 6);
    process.endInput();
    assertEquals("got hello\n", new String(process.readAll(1, LIMIT), ISO_8859_1));
    assertEquals("error\n", new String(process.readAll(2, LIMIT), ISO_8859_1));
    assertEquals(7 << 8, process.await());
  }

  @Test
  void megabytesGoThroughInBothDirectionsWhatEverTheWindows() throws Exception {
    AgentProcess process = connection.spawn(Program.of(List.of("/bin/cat")));
    byte[] data = new byte[3 << 20];
    new Random(4).nextBytes(data);
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    process.write(data, data.length);
                    process.endInput();
                  } catch (AgentException | InterruptedException failure) {
                    throw new IllegalStateException(failure);
                  }
                });
    byte[] back = process.readAll(1, LIMIT);
    writer.join();
    assertArrayEquals(data, back);
    assertEquals(0, process.await());
  }

  @Test
  void outputThatNobodyTakesStopsItsProcessAndNoOther() throws Exception {
    AgentProcess flood = shell("exec cat /dev/zero");
    AgentProcess other = shell("echo fine");
    assertEquals("fine\n", new String(other.readAll(1, LIMIT), ISO_8859_1));
    assertTrue(Objects.requireNonNull(flood.read(1)).length > 0);
    connection.signal(flood.pid(), 9);
    assertEquals(9, flood.await());
    long rest = 0;
    for (byte[] next = flood.read(1); next != null; next = flood.read(1)) {
      rest += next.length;
    }
    assertTrue(rest <= 2 * Wire.OUTPUT_WINDOW, "the agent sent " + rest + " bytes unasked");
  }

  @Test
  void inputForAProgramThatReadsNoneIsNotWaitedFor() throws Exception {
    AgentProcess process = shell("exec <&-; exec sleep 1000");
    process.write(new byte[1 << 20], 1 << 20);
    connection.signal(process.pid(), 15);
    assertEquals(15, process.await());
  }

  @Test
  void terminalHasTheSizeThatItIsGivenAndTakesSignalsFromItsKeys() throws Exception {
    AgentProcess process =
        connection.spawn(
            new Program(
                List.of("/bin/sh", "-c", "stty size; read line; stty size; exec sleep 1000"),
                List.of("PATH=/bin:/usr/bin"),
                "/",
                Program.Terminal.OWN,
                "",
                30,
                100));
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf("30 100") < 0) {
      seen.append(new String(Objects.requireNonNull(process.read(1)), ISO_8859_1));
    }
    process.resize(40, 120);
    process.write("x\n".getBytes(ISO_8859_1), 2);
    while (seen.indexOf("40 120") < 0) {
      seen.append(new String(Objects.requireNonNull(process.read(1)), ISO_8859_1));
    }
    process.write(new byte[] {3}, 1);
    assertEquals(2, process.await());
  }

  @Test
  void missingProgramIsAnErrorOfItsStart() {
    AgentException failure =
        assertThrows(
            AgentException.class, () -> connection.spawn(Program.of(List.of("/no/such/program"))));
    assertEquals(Errno.ENOENT, failure.errno());
  }

  @Test
  void filesAreWrittenAndReadInPieces(@TempDir Path directory) throws Exception {
    byte[] contents = new byte[300_000];
    new Random(5).nextBytes(contents);
    String path = directory + "/a/b/file";
    connection.makeDirectory(directory + "/a/b", 0755);
    connection.writeFile(path, 0640, contents);
    assertArrayEquals(contents, Files.readAllBytes(Path.of(path)));
    assertArrayEquals(contents, connection.readFile(path, contents.length));
    AgentConnection.FileStatus status = connection.stat(path);
    assertEquals(contents.length, status.size());
    assertEquals(0100640, status.mode());
    connection.writeFile(path, 0640, new byte[] {1});
    assertEquals(1, Files.size(Path.of(path)));
    assertEquals(
        Errno.EFBIG,
        assertThrows(AgentException.class, () -> connection.readFile("/dev/zero", 100_000))
            .errno());
  }

  @Test
  void manyProgramsRunAtOnceAndTheirPlacesAreUsedAgain() throws Exception {
    for (int round = 0; round < 3; round++) {
      AgentProcess[] all = new AgentProcess[100];
      for (int i = 0; i < all.length; i++) {
        all[i] = shell("echo " + i + "; exit " + i);
      }
      for (int i = 0; i < all.length; i++) {
        assertEquals(i + "\n", new String(all[i].readAll(1, LIMIT), ISO_8859_1));
        assertEquals(0, all[i].readAll(2, LIMIT).length);
        assertEquals(i << 8, all[i].await());
      }
    }
  }

  @Test
  void endOfAnAdoptedProcessIsReportedWheneverItComes() throws Exception {
    AgentProcess parent = shell("sleep 1000 >&2 & echo $!; exec >&-; wait");
    int pid = Integer.parseInt(new String(parent.readAll(1, LIMIT), ISO_8859_1).strip());
    assertEquals(
        Errno.ESRCH,
        assertThrows(AgentException.class, () -> connection.adopt(0x7ffffff0)).errno());
    connection.signal(parent.pid(), 9);
    assertEquals(9, parent.await());
    AgentProcess adopted = connection.adopt(pid);
    assertEquals(pid, adopted.pid());
    assertEquals(
        Errno.EINVAL,
        assertThrows(AgentException.class, () -> connection.adopt(pid)).errno(),
        "it is adopted already");
    connection.signal(pid, 15);
    assertEquals(15, adopted.await());

    AgentProcess quick = shell("sleep 1000 >&2 & echo $!; exec >&-; kill $!; kill -9 $$");
    int gone = Integer.parseInt(new String(quick.readAll(1, LIMIT), ISO_8859_1).strip());
    assertEquals(9, quick.await());
    assertEquals(15, connection.adopt(gone).await());
    connection.ping();
  }

  @Test
  void pingTellsTimeAndRandomness() throws Exception {
    AgentConnection.Pulse first = connection.ping();
    AgentConnection.Pulse second = connection.ping();
    assertTrue(second.upNanoseconds() > first.upNanoseconds());
    assertTrue(first.random() != second.random());
  }

  @Test
  void requestsThatMakeNoSenseAreRefusedAndTheNextOnesServed() throws Exception {
    for (int type = 1; type < Wire.POWER_OFF; type++) {
      if (!Arrays.asList(Wire.INPUT, Wire.INPUT_END, Wire.TAKEN, Wire.ONLINE, Wire.PING)
          .contains(type)) {
        int each = type;
        AgentException refused =
            assertThrows(
                AgentException.class,
                () -> connection.ask("nonsense", each, new Payload().number(3, 3)),
                "request " + type);
        assertEquals(74, refused.errno(), "EBADMSG of request " + type);
      }
    }
    connection.ping();
  }
}
