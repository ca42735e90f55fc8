package dev.bulwark.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpawnTest {

  private static int await(int pid) throws HostException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      HostCall.check(HostCall.call(Sys.WAIT4, pid, status.address(), 0, 0), "waiting");
      return status.get(ValueLayout.JAVA_INT, 0);
    }
  }

  private static int shell(String script, int... descriptors) throws HostException {
    return Spawn.start(
        "/bin/sh", List.of("sh", "-c", script), List.of("GREETING=hello"), descriptors);
  }

  @Test
  void childHasExactlyTheDescriptorsItWasGivenInTheirOrder() throws HostException {
    int output = HostIo.memoryFile("output", new byte[0]);
    int first = HostIo.memoryFile("first", "1".getBytes(StandardCharsets.UTF_8));
    int second = HostIo.memoryFile("second", "2".getBytes(StandardCharsets.UTF_8));
    String script =
        "echo $GREETING; cat <&3 <&3; cat <&4; for n in 0 1 2 3 4 5 6 7 8 9; do test ! -e /proc/$$/fd/$n || echo $n; done";
    assertEquals(0, await(shell(script, first, output, output, second, first)));
    String said = new String(HostIo.readFile(output, 1000), StandardCharsets.UTF_8);
    assertTrue(said.startsWith("hello\n21"), said);
    assertEquals(List.of("0", "1", "2", "3", "4"), said.substring(8).lines().toList());
    HostIo.close(output);
    HostIo.close(first);
    HostIo.close(second);
  }

  @Test
  void childLeadsItsOwnSession() throws HostException {
    int file = HostIo.memoryFile("output", new byte[0]);
    int pid = shell("cut -d' ' -f6 /proc/self/stat", file, file, file);
    assertEquals(0, await(pid));
    assertEquals(
        Integer.toString(pid),
        new String(HostIo.readFile(file, 100), StandardCharsets.UTF_8).strip());
    HostIo.close(file);
  }

  @Test
  void missingProgramIsReportedToTheCaller() {
    HostException failure =
        assertThrows(
            HostException.class,
            () -> Spawn.start("/no/such/program", List.of("x"), List.of(), new int[0]));
    assertEquals(Errno.ENOENT, failure.errno());
  }

  @Test
  void pollNoticesAClosedPeer() throws HostException {
    int[] pair = HostIo.socketPair();
    HostPoll poll = new HostPoll(pair[0]);
    assertEquals(0, poll.await(0));
    HostIo.close(pair[1]);
    assertEquals(1, poll.await(10_000));
    assertTrue(poll.ready(0));
    assertEquals(0, HostIo.receive(pair[0], new byte[10]));
    HostIo.close(pair[0]);
  }
}
