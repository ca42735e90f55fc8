package dev.bulwark.cli;

import dev.bulwark.control.Answer;
import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.LaunchFailure;
import dev.bulwark.runtime.container.ContainerException;
import dev.bulwark.runtime.json.JsonWriter;
import dev.bulwark.runtime.oci.Capabilities;
import dev.bulwark.runtime.oci.Process;
import java.util.ArrayList;
import java.util.List;

/** Commands on the processes of containers. */
final class ProcessCommands {
  private ProcessCommands() {}

  /** {@code exec}. */
  static final class Exec implements Command {
    @Override
    public String name() {
      return "exec";
    }

    @Override
    public String summary() {
      return "start a further process in a container";
    }

    @Override
    public String operands() {
      return "ID COMMAND [ARGUMENT]... | --process FILE ID";
    }

    @Override
    public Options options() {
      return new Options()
          .value("process", "p", "FILE", "a JSON document that describes the process")
          .value("cwd", null, "DIR", "its working directory")
          .value("env", "e", "NAME=VALUE", "set a variable; may be repeated")
          .flag("tty", "t", "use the terminal")
          .value("user", "u", "UID[:GID]", "numbers inside")
          .value("additional-gids", "g", "GID", "a further group; may be repeated")
          .value("console-socket", null, "PATH", "a socket that takes the terminal's master")
          .value("pid-file", null, "FILE", "takes the number of the process that stands for it")
          .flag("detach", "d", "do not wait for its end")
          .flag("no-new-privs", null, "do not let it gain privileges")
          .value("cap", "c", "CAP", "a further capability; may be repeated")
          .value("preserve-fds", null, "N", "refused unless 0")
          .flag("ignore-paused", null, "refused: a paused container cannot start anything");
    }

    @Override
    public int run(Call call)
        throws UsageException, ContainerException, HostException, LaunchFailure {
      Options.Parsed given = call.given();
      List<String> words = given.operands();
      if (words.isEmpty()) {
        throw new UsageException("the container's name is missing");
      }
      if (words.size() == 1 && !given.has("process")) {
        throw new UsageException("process args cannot be empty: name a command, or use --process");
      }
      Process change = new Changes(given, words.subList(1, words.size())).parsed();
      return call.globals()
          .containers()
          .execute(
              words.getFirst(),
              given.last("process").orElse(null),
              first -> Changes.apply(first, change, given),
              given.last("console-socket").orElse(null),
              given.last("pid-file").orElse(null),
              given.has("detach"));
    }
  }

  /** What the options of exec change of a container's first process. */
  private static final class Changes {
    private final Options.Parsed given;
    private final List<String> command;

    Changes(Options.Parsed given, List<String> command) {
      this.given = given;
      this.command = command;
    }

    /** The options' values, checked, in the form of a process; what is not given is empty. */
    Process parsed() throws UsageException {
      String user = given.last("user").orElse("0");
      int colon = user.indexOf(':');
      List<Integer> groups = new ArrayList<>();
      for (String gid : given.all("additional-gids")) {
        groups.add(number(gid));
      }
      long capabilities = 0;
      for (String name : given.all("cap")) {
        int number = Capabilities.number(name);
        if (number < 0) {
          throw new UsageException("there is no capability '" + name + "'");
        }
        capabilities |= 1L << number;
      }
      return new Process(
          given.has("tty"),
          null,
          new Process.User(
              number(colon < 0 ? user : user.substring(0, colon)),
              colon < 0 ? 0 : number(user.substring(colon + 1)),
              null,
              groups),
          command,
          given.all("env"),
          given.last("cwd").orElse(""),
          new Capabilities(capabilities, capabilities, 0, capabilities, 0),
          List.of(),
          given.has("no-new-privs"),
          "",
          "",
          null,
          null,
          null);
    }

    private static int number(String text) throws UsageException {
      try {
        return Integer.parseUnsignedInt(text);
      } catch (NumberFormatException notOne) {
        throw new UsageException("--user and --additional-gids take numbers, not '" + text + "'");
      }
    }

    static Process apply(Process first, Process change, Options.Parsed given) {
      List<String> env = new ArrayList<>(first.env());
      env.addAll(change.env());
      Capabilities had = first.capabilities() == null ? Capabilities.NONE : first.capabilities();
      Capabilities more = change.capabilities() == null ? Capabilities.NONE : change.capabilities();
      return new Process(
          change.terminal(),
          null,
          given.has("user") || given.has("additional-gids")
              ? new Process.User(
                  given.has("user") ? change.user().uid() : first.user().uid(),
                  given.has("user") ? change.user().gid() : first.user().gid(),
                  first.user().umask(),
                  given.has("additional-gids")
                      ? change.user().additionalGids()
                      : first.user().additionalGids())
              : first.user(),
          change.args(),
          env,
          change.cwd().isEmpty() ? first.cwd() : change.cwd(),
          new Capabilities(
              had.bounding() | more.bounding(),
              had.effective() | more.effective(),
              had.inheritable(),
              had.permitted() | more.permitted(),
              had.ambient()),
          first.rlimits(),
          change.noNewPrivileges() || first.noNewPrivileges(),
          "",
          "",
          first.oomScoreAdj(),
          null,
          null);
    }
  }

  /** {@code ps}. */
  static final class Ps implements Command {
    @Override
    public String name() {
      return "ps";
    }

    @Override
    public String summary() {
      return "list the processes of a container";
    }

    @Override
    public String operands() {
      return "ID [PS-OPTION]...";
    }

    @Override
    public String description() {
      return "With --format json, the numbers that its processes have on the host; the table shows what they"
          + " are inside.";
    }

    @Override
    public Options options() {
      return new Options().value("format", "f", "FORMAT", "table (the default) or json");
    }

    @Override
    public int run(Call call) throws UsageException, ContainerException, HostException {
      String format = call.given().last("format").orElse("table");
      if (!format.equals("table") && !format.equals("json")) {
        throw new UsageException("invalid format option '" + format + "': it is table or json");
      }
      if (call.given().operands().isEmpty()) {
        throw new UsageException("the container's name is missing");
      }
      List<Answer.ProcessInfo> all =
          call.globals().containers().processes(call.given().operands().getFirst());
      if (format.equals("json")) {
        JsonWriter json = JsonWriter.compact().array();
        all.stream()
            .mapToInt(Answer.ProcessInfo::hostPid)
            .filter(pid -> pid != 0)
            .distinct()
            .forEach(json::element);
        call.out().println(json.endArray().toString().strip());
        return 0;
      }
      call.out()
          .printf("%7s %7s %7s %7s %8s %s%n", "PID", "PPID", "HOSTPID", "UID", "TIME", "COMMAND");
      for (Answer.ProcessInfo process : all) {
        long seconds = process.cpuNanos() / 1_000_000_000L;
        call.out()
            .printf(
                "%7d %7d %7d %7s %02d:%02d:%02d %s%n",
                process.pid(),
                process.parent(),
                process.hostPid(),
                Integer.toUnsignedString(process.uid()),
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60,
                process.command());
      }
      return 0;
    }
  }
}
