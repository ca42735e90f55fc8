package dev.bulwark.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first use on a machine that lacks what it takes: what is missing is named, and the remedy.
 */
class BareHostTest {
  /** Hides every JDK, then goes to the checkout and uses it. */
  private static final String BARE =
      """
      for d in /usr/lib/jvm /opt; do [ ! -d $d ] || mount -t tmpfs none $d || exit 99; done
      cd "$1" && PATH=$2 exec ./bulwark do true
      """;

  @TempDir private Path directory;
  private Path checkout;
  private Path programs;

  @BeforeEach
  void makeCheckoutThatWasNeverBuilt() throws IOException {
    checkout = Files.createDirectory(directory.resolve("checkout"));
    Native.run("cp", "-r", Sandbox.HOME + "/bulwark", Sandbox.HOME + "/setup", checkout.toString())
        .expect(0);
    programs = Files.createDirectory(directory.resolve("programs"));
    for (String each : List.of("sh", "sed", "id", "dirname", "readlink", "mkdir", "flock")) {
      Path real = Path.of("/usr/bin").resolve(each);
      Files.createSymbolicLink(
          programs.resolve(each), Files.exists(real) ? real : Path.of("/bin").resolve(each));
    }
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A directory that passes for a JDK. */
  private String jdk(int release) throws IOException {
    Path home = Files.createDirectory(directory.resolve("jdk" + release));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + release + ".0.1\"\n");
    Files.createDirectory(home.resolve("bin"));
    Files.createSymbolicLink(home.resolve("bin/javac"), Path.of("/bin/true"));
    return home.toString();
  }

  private Result use(String javaHome) {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", BARE, "sh"));
    command.addAll(List.of(checkout.toString(), programs.toString()));
    Result result =
        Execution.start(command, Map.of("JAVA_HOME", javaHome), "").await(Duration.ofMinutes(1));
    assertEquals(125, result.exitCode(), result.toString());
    assertTrue(
        result.err().lines().allMatch(line -> line.startsWith("bulwark: ")), result.toString());
    return result;
  }

  @Test
  void withoutAJdkItSaysWhichToInstall() throws IOException {
    for (String home : List.of("", "/no/such", jdk(24))) {
      assertEquals(
          "bulwark: no JDK 25 or later in JAVA_HOME, /usr/lib/jvm or /opt: install temurin-25-jdk"
              + " or openjdk-25-jdk, or set JAVA_HOME\n",
          use(home).err());
    }
  }

  @Test
  void withoutACompilerAndWithoutAptItNamesThePackage() throws IOException {
    assertEquals(
        "bulwark: the command 'gcc' is missing, and there is no apt-get: install what Debian calls"
            + " gcc\n",
        use(jdk(25)).err());
  }

  @Test
  void withoutACompilerItInstallsOneAfterSayingSo() throws IOException {
    program("apt-get", "echo \"$@\" >>" + directory.resolve("installed") + "; exit 100");
    assertEquals(
        """
        bulwark: installing gcc with apt-get, because the command 'gcc' is missing
        bulwark: apt-get could not install gcc: see its message above
        """,
        use(jdk(25)).err());
    assertEquals(
        List.of("install -y -q gcc", "update -q"),
        Files.readAllLines(directory.resolve("installed")));
  }

  @Test
  void onAKernelWithoutSeccompItSaysWhatTheHostMustAllow() throws IOException {
    Result result =
        Native.run(CProgram.compile("without_seccomp", "-static"), "./bulwark", "do", "true")
            .expect(125);
    String last = result.err().lines().reduce("", (_, line) -> line);
    assertTrue(
        last.startsWith("bulwark: ") && last.contains("the host must allow seccomp filters"),
        result.toString());
    Files.delete(Path.of(last.substring(last.lastIndexOf(' ') + 1)));
  }
}
