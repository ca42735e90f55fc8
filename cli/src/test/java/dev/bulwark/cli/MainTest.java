package dev.bulwark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bulwark(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void versionPrintsTheThreeLinesThatEnginesRead() {
    assertEquals(0, bulwark("--version"));
    assertTrue(
        out.toString().matches("bulwark version \\S+\\R" + "commit: \\S+\\R" + "spec: \\S+\\R"),
        out.toString());
  }

  @Test
  void unknownOptionIsExitCodeTwo() {
    assertEquals(2, bulwark("--no-such-option"));
    assertTrue(err.toString().contains("--no-such-option"));
  }

  @Test
  void noCommandIsExitCodeTwoAndPointsToTheHelp() {
    assertEquals(2, bulwark());
    assertTrue(err.toString().contains("bulwark --help"));
  }

  @Test
  void doRefusesInsteadOfPretending() {
    assertEquals(125, bulwark("do", "--", "true"));
    assertTrue(err.toString().contains("cannot run 'true'"));
  }
}
