package dev.bulwark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.control.RootMode;
import dev.bulwark.control.SandboxSpec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int bulwark(String... words) {
    return new Main(
            new PrintStream(out, true, StandardCharsets.ISO_8859_1),
            new PrintStream(err, true, StandardCharsets.ISO_8859_1))
        .run(List.of(words));
  }

  private static SandboxSpec spec(String... words) throws UsageException {
    return DoCommand.request(new DoCommand().options().parse(List.of(words))).spec();
  }

  @Test
  void versionPrintsTheThreeLinesThatEnginesRead() {
    assertEquals(0, bulwark("--version"));
    assertTrue(
        out.toString(StandardCharsets.UTF_8)
            .matches("bulwark version \\S+\\R" + "commit: \\S+\\R" + "spec: \\S+\\R"),
        out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void nonsenseIsExitCodeTwoNamesTheCulpritAndPointsToTheHelp() {
    for (List<String> words :
        List.of(
            List.of("--no-such"),
            List.of("no-such"),
            List.of("do", "--no-such", "true"),
            List.of("do", "--rw=no-such", "true"),
            List.of("do", "--network", "no-such", "true"),
            List.of("do", "--platform=no-such", "true"),
            List.of("do", "--memory", "no-such", "true"),
            List.of("do", "--cwd", "no-such", "true"),
            List.of("do", "--env", "=no-such", "true"))) {
      err.reset();
      assertEquals(2, bulwark(words.toArray(new String[0])), words.toString());
      String said = err.toString(StandardCharsets.UTF_8);
      assertTrue(said.contains("no-such") || said.contains("--rw"), said);
      assertTrue(said.contains("--help"), said);
    }
    assertEquals(2, bulwark());
    assertEquals(2, bulwark("do"));
    assertEquals(2, bulwark("do", "--root"));
  }

  @Test
  void helpListsEveryOption() {
    assertEquals(0, bulwark("do", "--help"));
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("--strace[=FILE]"));
  }

  @Test
  void optionsEndAtTheCommandSoThatItsOwnStayWithIt() throws UsageException {
    assertEquals(
        List.of("ls", "-l", "--rw"), spec("--rw", "ls", "-l", "--rw").process().arguments());
    assertEquals(List.of("--rw"), spec("--", "--rw").process().arguments());
  }

  @Test
  void writesStayInMemoryUnlessAskedOtherwise() throws UsageException {
    assertEquals(RootMode.OVERLAY, spec("true").root());
    assertEquals(RootMode.WRITE_THROUGH, spec("--rw", "true").root());
    assertEquals(RootMode.READ_ONLY, spec("--read-only", "true").root());
    assertThrows(UsageException.class, () -> spec("--rw", "--read-only", "true"));
  }

  @Test
  void environmentIsTheContainersOwnAndOptionsOverrideIt() throws UsageException {
    List<String> environment =
        spec("-e", "A=1", "-eA=2", "--env", "PATH=/x", "-e", "NOT_SET_ANYWHERE", "true")
            .process()
            .environment();
    assertEquals(List.of("HOSTNAME=bulwark", "A=2", "PATH=/x"), environment);
  }

  @Test
  void sizesHaveUnitsOf1024() throws UsageException {
    assertEquals(4096, DoCommand.bytes("4096"));
    assertEquals(512L << 20, DoCommand.bytes("512m"));
    assertEquals(2L << 30, DoCommand.bytes("2GB"));
    for (String bad : List.of("", "0", "-1", "m", "1t", "9999999999g")) {
      assertThrows(UsageException.class, () -> DoCommand.bytes(bad), bad);
    }
  }

  @Test
  void helpCompletionAndManualNameEveryCommandAndOption() {
    assertEquals(0, bulwark("--help"));
    assertEquals(0, bulwark("completion", "bash"));
    assertEquals(0, bulwark("man"));
    String printed = out.toString(StandardCharsets.UTF_8).replace("\\-", "-");
    for (Command command : CommandTable.all()) {
      assertTrue(printed.contains("\n  " + command.name() + " "), command.name());
      assertTrue(printed.contains("    " + command.name() + ") words="), command.name());
      assertTrue(printed.contains(".SS \"" + command.name()), command.name());
      for (String word : command.options().words()) {
        assertTrue(printed.contains(word), command.name() + " " + word);
      }
    }
  }

  @Test
  void signalsHaveNamesAndNumbers() throws UsageException {
    assertEquals(15, SignalNames.number("SIGTERM"));
    assertEquals(9, SignalNames.number("kill"));
    assertEquals(28, SignalNames.number("28"));
    assertEquals(37, SignalNames.number("RTMIN+3"));
    for (String bad : List.of("", "0", "65", "SIGNOSUCH", "RTMIN+x")) {
      assertThrows(UsageException.class, () -> SignalNames.number(bad), bad);
    }
  }

  @Test
  void errorsGoToTheLogAsOneLineOfJson(@TempDir Path directory) throws Exception {
    Path log = directory.resolve("log.json");
    assertEquals(
        1,
        bulwark(
            "--root",
            directory.resolve("state").toString(),
            "--log",
            log.toString(),
            "--log-format",
            "json",
            "state",
            "a\"b"));
    String line = Files.readString(log);
    assertTrue(line.startsWith("{\"level\":\"error\",\"msg\":\"invalid container ID"), line);
    assertTrue(line.contains("a\\\"b"), line);
    assertEquals(1, line.lines().count());
  }
}
