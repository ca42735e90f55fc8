package dev.bulwark.cli;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.HostPoll;
import dev.bulwark.linux.Sys;
import dev.bulwark.runtime.Version;
import dev.bulwark.runtime.oci.DefaultConfig;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What the build's training run does before {@code do}: it takes a container through its life with
 * all commands that engines use, so that the recordings hold the classes of a container's start. It
 * is one of this host's own root file system, which it cannot write, and of a directory, which it
 * can. Where that is not possible, {@code do} records its own start, and containers start slower.
 */
final class Training {
  private static final String PROPERTY = "bulwark.training";
  private static final String ID = "training";
  private static final int RECORDING_MILLISECONDS = 120_000;

  /**
   * What a shell does at its start, several processes, pipes, and files read and written, until it
   * is told to end.
   */
  private static final String PROGRAM =
      "trap 'end=1' TERM; cd /tmp; for i in 1 2 3; do echo $i; done | cat | sort -r; ls -l /bin/sh;"
          + " x=$(cat /proc/self/status); echo $x >t; mkdir d; mv t d/u; cat d/u; rm -r d; kill -0 $$;"
          + " while [ -z $end ]; do sleep 0.1; done";

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
    try {
      new Training(new Main(out, err), asked + "/training").run();
    } catch (HostException failure) {
      err.println("bulwark: training without containers: " + failure.getMessage());
    }
  }

  private void run() throws HostException {
    HostPath.mkdirAt(HostPath.AT_FDCWD, directory, 0700);
    HostPath.mkdirAt(HostPath.AT_FDCWD, directory + "/data", 0700);
    int fd =
        HostIo.open(directory + "/config.json", HostPath.O_WRONLY | HostPath.O_CREAT | 01000, 0600);
    HostIo.writeFully(fd, config().getBytes(StandardCharsets.ISO_8859_1));
    HostIo.close(fd);
    String pidFile = directory + "/pid";
    command("create", "--bundle", directory, "--pid-file", pidFile, ID);
    command("state", ID);
    command("start", ID);
    command("exec", "--detach", "--pid-file", pidFile + ".exec", ID, "true");
    command("ps", "--format", "json", ID);
    command("events", "--stats", ID);
    command("kill", ID, "TERM");
    awaitRecordings(pidFile);
    command("delete", ID);
    command("delete", "--force", ID);
    command("list");
    command("state", ID);
  }

  /** The default configuration, with another program and one more mount. */
  private String config() {
    String config =
        new String(DefaultConfig.document(Version.SPECIFICATION), StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> change :
        Map.of(
                "\"terminal\": true",
                "\"terminal\": false",
                "\"path\": \"rootfs\"",
                "\"path\": \"/\"",
                "\"sh\"",
                "\"/bin/sh\", \"-c\", \"" + PROGRAM + "\"",
                "\"mounts\": [",
                "\"mounts\": [{\"destination\": \"/tmp\", \"source\": \""
                    + directory
                    + "/data\", \"type\": \"bind\", \"options\": [\"rbind\"]},")
            .entrySet()) {
      config = config.replace(change.getKey(), change.getValue());
    }
    return config;
  }

  /** The keeper ends when the JVMs have written what they recorded. */
  private static void awaitRecordings(String pidFile) throws HostException {
    int pid = Integer.parseInt(HostIo.text(pidFile, 20).strip());
    long pidfd = HostCall.call(Sys.PIDFD_OPEN, pid, 0);
    if (pidfd >= 0) {
      new HostPoll((int) pidfd).await(RECORDING_MILLISECONDS);
      HostIo.close((int) pidfd);
    }
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
