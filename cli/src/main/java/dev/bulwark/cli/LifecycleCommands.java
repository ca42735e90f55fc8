package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.container.ContainerException;
import java.util.List;

/** The commands of the OCI runtime specification, in runc's forms. */
final class LifecycleCommands {
  private static final String ID = "the container's name";

  private LifecycleCommands() {}

  private static Options bundle(Options options) {
    return options
        .value("bundle", "b", "DIR", "the bundle's directory; default the working directory")
        .value("console-socket", null, "PATH", "a socket that takes the terminal's master")
        .value("platform", null, "NAME", "how calls are caught: auto, systrap or ptrace")
        .value("pid-file", null, "FILE", "takes the number of the process that stands for it")
        .flag("no-pivot", null, "accepted: a sandbox does not pivot")
        .flag("no-new-keyring", null, "accepted: a sandbox has no keyrings")
        .value("preserve-fds", null, "N", "refused unless 0: no descriptors go into a sandbox");
  }

  private static void checkPreserved(Options.Parsed given) throws UsageException {
    if (!given.last("preserve-fds").orElse("0").equals("0")) {
      throw new UsageException(
          "--preserve-fds is refused: descriptors of the host do not go into a sandbox; use a"
              + " socket in a volume");
    }
  }

  /** {@code create}. */
  static final class Create implements Command {
    @Override
    public String name() {
      return "create";
    }

    @Override
    public String summary() {
      return "make a container, which waits for its start";
    }

    @Override
    public String operands() {
      return "ID";
    }

    @Override
    public Options options() {
      return bundle(new Options());
    }

    @Override
    public int run(Call call)
        throws UsageException, ContainerException, HostException, LaunchFailure {
      Options.Parsed given = call.given();
      checkPreserved(given);
      call.globals()
          .with(given)
          .containers()
          .create(
              call.operand(ID),
              given.last("bundle").orElse("."),
              given.last("console-socket").orElse(null),
              given.last("pid-file").orElse(null));
      return 0;
    }
  }

  /** {@code run}. */
  static final class Run implements Command {
    @Override
    public String name() {
      return "run";
    }

    @Override
    public String summary() {
      return "make a container, start it, and remove it when it has ended";
    }

    @Override
    public String operands() {
      return "ID";
    }

    @Override
    public Options options() {
      return bundle(new Options())
          .flag("detach", "d", "do not wait for its end")
          .flag("keep", null, "do not remove it at its end")
          .flag("no-subreaper", null, "accepted: the keeper reaps by itself");
    }

    @Override
    public int run(Call call)
        throws UsageException, ContainerException, HostException, LaunchFailure {
      Options.Parsed given = call.given();
      checkPreserved(given);
      return call.globals()
          .with(given)
          .containers()
          .run(
              call.operand(ID),
              given.last("bundle").orElse("."),
              given.last("console-socket").orElse(null),
              given.last("pid-file").orElse(null),
              given.has("detach"),
              given.has("keep"));
    }
  }

  /** {@code start}. */
  static final class Start implements Command {
    @Override
    public String name() {
      return "start";
    }

    @Override
    public String summary() {
      return "let the program of a container run";
    }

    @Override
    public String operands() {
      return "ID";
    }

    @Override
    public Options options() {
      return new Options();
    }

    @Override
    public int run(Call call) throws UsageException, ContainerException, HostException {
      call.globals().containers().start(call.operand(ID));
      return 0;
    }
  }

  /** {@code state}. */
  static final class State implements Command {
    @Override
    public String name() {
      return "state";
    }

    @Override
    public String summary() {
      return "print what a container is doing, as JSON";
    }

    @Override
    public String operands() {
      return "ID";
    }

    @Override
    public Options options() {
      return new Options();
    }

    @Override
    public int run(Call call) throws UsageException, ContainerException, HostException {
      byte[] state = call.globals().containers().state(call.operand(ID));
      call.out().println(new String(state, java.nio.charset.StandardCharsets.ISO_8859_1).strip());
      return 0;
    }
  }

  /** {@code kill}. */
  static final class Kill implements Command {
    @Override
    public String name() {
      return "kill";
    }

    @Override
    public String summary() {
      return "send a signal to a container's first process";
    }

    @Override
    public String operands() {
      return "ID [SIGNAL]";
    }

    @Override
    public Options options() {
      return new Options().flag("all", "a", "send it to all processes");
    }

    @Override
    public int run(Call call) throws UsageException, ContainerException, HostException {
      List<String> words = call.given().operands();
      if (words.isEmpty() || words.size() > 2) {
        throw new UsageException(ID + " and at most a signal are needed");
      }
      int signal = SignalNames.number(words.size() == 2 ? words.get(1) : "SIGTERM");
      call.globals().containers().kill(words.getFirst(), signal, call.given().has("all"));
      return 0;
    }
  }

  /** {@code delete}. */
  static final class Delete implements Command {
    @Override
    public String name() {
      return "delete";
    }

    @Override
    public String summary() {
      return "remove a container that has ended";
    }

    @Override
    public String operands() {
      return "ID";
    }

    @Override
    public Options options() {
      return new Options().flag("force", "f", "kill what runs, and do not mind when it is gone");
    }

    @Override
    public int run(Call call) throws UsageException, ContainerException, HostException {
      call.globals().containers().delete(call.operand(ID), call.given().has("force"));
      return 0;
    }
  }

  /** {@code pause} and {@code resume}. */
  static final class Freeze implements Command {
    private final boolean freeze;

    Freeze(boolean freeze) {
      this.freeze = freeze;
    }

    @Override
    public String name() {
      return freeze ? "pause" : "resume";
    }

    @Override
    public String summary() {
      return freeze ? "freeze all processes of a container" : "let frozen processes go on";
    }

    @Override
    public String operands() {
      return "ID";
    }

    @Override
    public Options options() {
      return new Options();
    }

    @Override
    public int run(Call call) throws UsageException, ContainerException, HostException {
      String id = call.operand(ID);
      if (freeze) {
        call.globals().containers().pause(id);
      } else {
        call.globals().containers().resume(id);
      }
      return 0;
    }
  }

  /** {@code checkpoint} and {@code restore}. */
  static final class Refused implements Command {
    private final String name;

    Refused(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String summary() {
      return "refused: the state of a sandbox cannot be saved";
    }

    @Override
    public String operands() {
      return "ID";
    }

    @Override
    public Options options() {
      return new Options();
    }

    @Override
    public int run(Call call) throws ContainerException {
      throw new ContainerException(
          name
              + " is not supported: the state of a sandbox cannot be saved; stop the container and"
              + " start it again");
    }
  }
}
