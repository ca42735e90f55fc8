package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import dev.bulwark.runtime.Version;
import dev.bulwark.runtime.oci.DefaultConfig;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What the build's training run does besides {@code do}, so that the recording of this JVM's start
 * holds the classes of all commands that engines use. It makes a container of this host's own root
 * file system, which it cannot write; where that is not possible, starts are slower, no more.
 */
final class Training {
  private static final String PROPERTY = "bulwark.training";
  private static final String ID = "training";

  private final Main main;
  private final String directory;

  private Training(Main main, String directory) {
    this.main = main;
    this.directory = directory;
  }

  /** Runs through the life of a container, in the training run alone. */
  static void runIfAsked(PrintStream out, PrintStream err) {
    String asked = System.getProperty(PROPERTY);
    if (asked == null) {
      return;
    }
    System.clearProperty(PROPERTY); // the recordings of the other JVMs belong to `do`
    try {
      new Training(new Main(out, err), asked + "/training").run();
    } catch (HostException failure) {
      err.println("bulwark: training without containers: " + failure.getMessage());
    } finally {
      System.setProperty(PROPERTY, asked);
    }
  }

  private void run() throws HostException {
    HostPath.mkdirAt(HostPath.AT_FDCWD, directory, 0700);
    String config =
        new String(DefaultConfig.document(Version.SPECIFICATION), StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> change :
        Map.of(
                "\"terminal\": true", "\"terminal\": false",
                "\"path\": \"rootfs\"", "\"path\": \"/\"",
                "\"sh\"", "\"sleep\", \"100\"")
            .entrySet()) {
      config = config.replace(change.getKey(), change.getValue());
    }
    int fd =
        HostIo.open(directory + "/config.json", HostPath.O_WRONLY | HostPath.O_CREAT | 01000, 0600);
    HostIo.writeFully(fd, config.getBytes(StandardCharsets.ISO_8859_1));
    HostIo.close(fd);
    command("create", "--bundle", directory, "--pid-file", directory + "/pid", ID);
    command("state", ID);
    command("start", ID);
    command("exec", "--detach", "--pid-file", directory + "/pid", ID, "true");
    command("ps", "--format", "json", ID);
    command("events", "--stats", ID);
    command("kill", ID, "KILL");
    command("delete", "--force", ID);
    command("list");
    command("state", ID);
  }

  private void command(String... words) {
    List<String> line =
        new java.util.ArrayList<>(
            List.of(
                "--root",
                directory + "/state",
                "--log",
                directory + "/log.json",
                "--log-format",
                "json"));
    line.addAll(List.of(words));
    main.run(line);
  }
}
