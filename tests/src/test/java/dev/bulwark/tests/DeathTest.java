package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.Sys;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whichever process of a sandbox is killed, none of the others outlives it for long. */
class DeathTest {
  private static final Duration START = Duration.ofSeconds(30);

  /** What a user is promised. */
  private static final Duration END = Duration.ofSeconds(1);

  /** Two processes in the sandbox, which wait for ever. */
  private static final String PROGRAM =
      "$| = 1; if (fork) { print \"parent\\n\"; } else { print \"child\\n\"; } syscall(34);";

  private Execution execution;
  private ProcessHandle runtime;
  private List<ProcessHandle> all;

  /** Options of the sandbox. */
  String[] options() {
    return new String[0];
  }

  @BeforeEach
  void start() {
    execution = Sandbox.of("/usr/bin/perl", "-e", PROGRAM).with(options()).start();
    execution.awaitOutput("parent", START);
    execution.awaitOutput("child", START);
    runtime = execution.process().toHandle();
    all = Stream.concat(Stream.of(runtime), runtime.descendants()).toList();
  }

  @AfterEach
  void end() {
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private ProcessHandle process(String mainClass) {
    return all.stream()
        .filter(p -> p.info().commandLine().orElse("").contains(mainClass))
        .findFirst()
        .orElseThrow();
  }

  private void killAndExpectTheEndOfAll(List<ProcessHandle> victims) throws HostException {
    long end = System.nanoTime() + END.toNanos();
    int[] pidfds = new int[all.size()];
    for (int i = 0; i < pidfds.length; i++) {
      pidfds[i] =
          (int) HostCall.check(HostCall.call(Sys.PIDFD_OPEN, all.get(i).pid(), 0), "pidfd_open");
    }
    victims.forEach(ProcessHandle::destroyForcibly);
    for (int i = 0; i < pidfds.length; i++) {
      HostPoll poll = new HostPoll(pidfds[i]);
      int left = (int) Math.max(0, (end - System.nanoTime()) / 1_000_000);
      assertEquals(1, poll.await(left), all.get(i) + " is still there");
      HostIo.close(pidfds[i]);
    }
  }

  private void assertRuntimeFailure(String culprit) {
    Result result = execution.await(END).expect(125);
    String last = result.err().lines().reduce("", (_, line) -> line);
    assertTrue(last.startsWith("bulwark: ") && last.contains(culprit), result.toString());
  }

  @Test
  void sandboxIsSeveralProcesses() {
    assertTrue(all.size() >= 5, all.toString());
  }

  @Test
  void deathOfTheSentryEndsAll() throws HostException {
    killAndExpectTheEndOfAll(List.of(process("dev.bulwark.sentry.boot.Main")));
    assertRuntimeFailure("Sentry");
  }

  @Test
  void deathOfTheGoferEndsAll() throws HostException {
    killAndExpectTheEndOfAll(List.of(process("dev.bulwark.gofer.Main")));
    assertRuntimeFailure("Gofer");
  }

  @Test
  void deathOfTheRuntimeCommandEndsAll() throws HostException {
    killAndExpectTheEndOfAll(List.of(runtime));
  }

  @Test
  void deathOfTheStubsEndsAll() throws HostException {
    ProcessHandle sentry = process("dev.bulwark.sentry.boot.Main");
    List<ProcessHandle> stubs = sentry.descendants().toList();
    assertTrue(stubs.size() >= 3, stubs.toString());
    killAndExpectTheEndOfAll(stubs);
  }

  @Test
  void terminationSignalReachesTheProgram() {
    runtime.destroy();
    assertEquals(128 + 15, execution.await(Duration.ofSeconds(5)).exitCode());
  }
}
