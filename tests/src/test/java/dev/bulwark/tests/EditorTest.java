package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's terminal as the sandbox's, driven through tmux. */
class EditorTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path directory;

  @BeforeEach
  void startTerminal() {
    tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "/bin/sh").expect(0);
  }

  @AfterEach
  void stopTerminal() {
    tmux("kill-server");
  }

  private Result tmux(String... command) {
    String[] all = new String[command.length + 3];
    all[0] = "tmux";
    all[1] = "-S";
    all[2] = directory.resolve("socket").toString();
    System.arraycopy(command, 0, all, 3, command.length);
    return Native.run(all);
  }

  private void type(String... keys) {
    String[] command = new String[keys.length + 1];
    command[0] = "send-keys";
    System.arraycopy(keys, 0, command, 1, keys.length);
    tmux(command).expect(0);
  }

  private String screen() {
    return tmux("capture-pane", "-p").out();
  }

  /** Looks at the screen until it is as wished; reading it is what passes the time. */
  private String await(Predicate<String> wished) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    String now = screen();
    while (!wished.test(now)) {
      assertTrue(System.nanoTime() < deadline, "the screen never came to be as wished:\n" + now);
      now = screen();
    }
    return now;
  }

  private String sandboxed(String command) {
    return Sandbox.HOME + "/bulwark do --root " + Sandbox.HOME + "/dist/rootfs -- " + command;
  }

  @Test
  void vimEditsAFile() {
    type(sandboxed("/bin/bash --norc"), "Enter");
    await(screen -> screen.contains("bash-5"));
    type("TERM=xterm vi /tmp/file", "Enter");
    await(screen -> screen.contains("[New"));
    type("i", "first line", "Enter", "second", "Escape");
    await(screen -> screen.contains("second"));
    type(":wq", "Enter");
    await(screen -> screen.contains("bash-5") && !screen.contains("second"));
    type("rev /tmp/file; wc -l </tmp/file", "Enter");
    String shown =
        await(screen -> screen.contains("dnoces") && screen.lines().anyMatch("2"::equals));
    assertTrue(shown.contains("enil tsrif"), shown);
  }

  @Test
  void interruptAndSuspendReachTheForegroundJob() {
    type(sandboxed("/bin/bash --norc"), "Enter");
    await(screen -> screen.contains("bash-5"));
    type("sh -c 'printf be%s\\\\n gun1; sleep 1000'", "Enter");
    await(screen -> screen.contains("begun1"));
    type("C-c");
    await(screen -> screen.contains("^C"));
    type("echo code $?", "Enter");
    await(screen -> screen.contains("code 130"));
    type("sh -c 'printf be%s\\\\n gun2; sleep 2000'", "Enter");
    await(screen -> screen.contains("begun2"));
    type("C-z");
    await(screen -> screen.contains("Stopped"));
    type("kill %1; stty size", "Enter");
    await(screen -> screen.contains("24 80"));
    type("exit 7", "Enter");
    await(screen -> screen.stripTrailing().endsWith("\n#"));
    type("echo left $?", "Enter");
    assertEquals(
        1, await(screen -> screen.contains("left 7")).lines().filter("left 7"::equals).count());
  }
}
