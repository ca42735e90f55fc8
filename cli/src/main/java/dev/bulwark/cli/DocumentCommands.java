package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostPath;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.Launcher;
import dev.bulwark.runtime.Version;
import dev.bulwark.runtime.container.ContainerException;
import dev.bulwark.runtime.oci.DefaultConfig;
import dev.bulwark.runtime.oci.Features;
import java.nio.charset.StandardCharsets;

/** Commands that print or write documents. */
final class DocumentCommands {
  private DocumentCommands() {}

  /** {@code spec}. */
  static final class Spec implements Command {
    private static final int NEW_FILE =
        HostPath.O_WRONLY | HostPath.O_CREAT | HostPath.O_EXCL | HostPath.O_CLOEXEC;

    @Override
    public String name() {
      return "spec";
    }

    @Override
    public String summary() {
      return "write a config.json to begin with";
    }

    @Override
    public String operands() {
      return "";
    }

    @Override
    public Options options() {
      return new Options()
          .value("bundle", "b", "DIR", "where to write it; default the working directory")
          .flag("rootless", null, "refused: the runtime needs root");
    }

    @Override
    public int run(Call call) throws UsageException, ContainerException, HostException {
      if (call.given().has("rootless")) {
        throw new UsageException("--rootless is refused: the runtime needs root");
      }
      String path = call.given().last("bundle").orElse(".") + "/config.json";
      int fd;
      try {
        fd = HostIo.open(path, NEW_FILE, 0666);
      } catch (HostException failure) {
        throw new ContainerException(
            "config.json cannot be written: "
                + failure.getMessage()
                + "; remove an existing one first");
      }
      try {
        HostIo.writeFully(fd, DefaultConfig.document(Version.SPECIFICATION));
      } finally {
        HostIo.close(fd);
      }
      return 0;
    }
  }

  /** {@code features}. */
  static final class FeaturesCommand implements Command {
    @Override
    public String name() {
      return "features";
    }

    @Override
    public String summary() {
      return "print what the runtime supports, as JSON";
    }

    @Override
    public String operands() {
      return "";
    }

    @Override
    public Options options() {
      return new Options();
    }

    @Override
    public int run(Call call) {
      byte[] document = Features.document(Version.NUMBER, Version.SPECIFICATION);
      call.out().println(new String(document, StandardCharsets.ISO_8859_1).strip());
      return 0;
    }
  }

  /** {@code syscalls}. */
  static final class Syscalls implements Command {
    @Override
    public String name() {
      return "syscalls";
    }

    @Override
    public String summary() {
      return "print the system calls that a sandbox knows";
    }

    @Override
    public String operands() {
      return "";
    }

    @Override
    public Options options() {
      return new Options();
    }

    @Override
    public int run(Call call) throws LaunchFailure {
      return Launcher.printSyscalls();
    }
  }
}
