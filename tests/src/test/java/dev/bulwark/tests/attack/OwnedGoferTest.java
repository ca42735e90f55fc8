package dev.bulwark.tests.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 2 for the Gofer: whoever owns it has the container's files, and nothing else. */
class OwnedGoferTest {
  private static final Pattern LOG = Pattern.compile("its log is (\\S+)");

  @TempDir static Path directory;
  private static TestBuild build;
  private static Path root;

  @BeforeAll
  static void make() throws IOException {
    build =
        new TestBuild(directory.resolve("home"), "gofer", "OwnedGofer.java", "dev/bulwark/gofer");
    root = Files.createDirectory(directory.resolve("root"));
  }

  private static TestBuild.Ended attack(String how) throws Exception {
    Files.writeString(root.resolve("ATTACK"), how);
    return build.run("--root", root.toString(), "--", "true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"execve", "socket", "mount", "ptrace", "mmap", "open_by_handle_at", "kill"})
  void aForbiddenCallEndsTheSandboxAndIsNamed(String call) throws Exception {
    TestBuild.Ended ended = attack(call);
    assertEquals(125, ended.code(), ended.said());
    String sentence =
        "its Gofer made a system call of the host that it may not make: " + call + " (";
    assertTrue(ended.said().contains(sentence), ended.said());
  }

  @Test
  void withoutTheFilterThereIsNoWayOutOfItsTreesStill() throws Exception {
    TestBuild.Ended ended = attack("all");
    Matcher log = LOG.matcher(ended.said());
    assertTrue(log.find(), ended.said());
    Path file = Path.of(log.group(1));
    String said = Files.readString(file);
    Files.delete(file);
    assertTrue(said.contains("leaving its root by ..: refused\n"), said);
    assertTrue(said.contains("a raw socket from its keeper: refused\n"), said);
    assertFalse(said.contains("OPEN"), said);
  }
}
