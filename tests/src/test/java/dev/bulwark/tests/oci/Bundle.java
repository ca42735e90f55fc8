package dev.bulwark.tests.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A bundle whose root file system holds a static busybox. */
final class Bundle {
  private static final List<String> APPLETS =
      List.of(
          "sh",
          "ls",
          "cat",
          "echo",
          "id",
          "mount",
          "sleep",
          "true",
          "false",
          "tail",
          "touch",
          "head",
          "kill",
          "mkdir",
          "tty",
          "stat",
          "wc",
          "grep",
          "umask",
          "hostname",
          "ulimit",
          "stty");

  private final Path directory;
  private String process = "";
  private String mounts = "";
  private String linux = "";
  private String top = "";
  private boolean readOnly;

  private Bundle(Path directory) {
    this.directory = directory;
  }

  /** Makes one in an empty directory. */
  static Bundle in(Path directory) throws IOException {
    Path root = directory.resolve("rootfs");
    for (String each : List.of("bin", "dev", "proc", "sys", "tmp", "etc", "srv")) {
      Files.createDirectories(root.resolve(each));
    }
    Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    for (String applet : APPLETS) {
      Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    return new Bundle(directory);
  }

  Path directory() {
    return directory;
  }

  Path root() {
    return directory.resolve("rootfs");
  }

  /** Adds members of {@code process}, each followed by a comma. */
  Bundle process(String members) {
    process = members;
    return this;
  }

  /** Adds mounts, each preceded by a comma. */
  Bundle mounts(String elements) {
    mounts = elements;
    return this;
  }

  /** Adds members of {@code linux}, each followed by a comma. */
  Bundle linux(String members) {
    linux = members;
    return this;
  }

  /** Adds members of the document, each followed by a comma. */
  Bundle top(String members) {
    top = members;
    return this;
  }

  Bundle readOnly() {
    readOnly = true;
    return this;
  }

  /** Writes the configuration, for a command. */
  Bundle command(String... words) throws IOException {
    String args =
        List.of(words).stream()
            .map(word -> word.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
            .map(word -> '"' + word + '"')
            .collect(Collectors.joining(", "));
    Files.writeString(
        directory.resolve("config.json"),
        """
        {
          "ociVersion": "1.0.2", %s
          "root": {"path": "rootfs", "readonly": %s},
          "hostname": "inside",
          "process": {
            %s
            "user": {"uid": 0, "gid": 0},
            "args": [%s],
            "env": ["PATH=/bin", "A=b c"],
            "cwd": "/"
          },
          "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
              "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
            {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
              "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]}
            %s
          ],
          "linux": {
            %s
            "namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"},
              {"type": "mount"}]
          }
        }
        """
            .formatted(top, readOnly, process, args, mounts, linux));
    return this;
  }

  /** The same for a script of sh. */
  Bundle script(String script) throws IOException {
    return command("sh", "-c", script);
  }
}
