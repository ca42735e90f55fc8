package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.HostCheck;
import dev.bulwark.runtime.container.ContainerException;
import dev.bulwark.runtime.container.Posture;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code check}. */
final class CheckCommand implements Command {
  @Override
  public String name() {
    return "check";
  }

  @Override
  public String summary() {
    return "say what this host offers to sandboxes and what is missing";
  }

  @Override
  public String operands() {
    return "";
  }

  @Override
  public String description() {
    return "The exit code is 1 when no sandbox can be made here; with --security, when a process of the container"
        + " is confined more weakly than SECURITY.md promises.";
  }

  @Override
  public Options options() {
    return new Options()
        .value(
            "security",
            null,
            "ID",
            "measure how the processes of a running container are confined");
  }

  @Override
  public int run(Call call) throws ContainerException, HostException {
    Optional<String> id = call.given().last("security");
    if (id.isPresent()) {
      return posture(call, id.get());
    }
    List<HostCheck.Finding> findings = HostCheck.run();
    for (HostCheck.Finding finding : findings) {
      call.out()
          .printf(
              "%-8s %-20s %s%n",
              finding.weight().name().toLowerCase(Locale.ROOT), finding.what(), finding.words());
    }
    boolean works = findings.stream().noneMatch(each -> each.weight() == HostCheck.Weight.MISSING);
    return works ? 0 : 1;
  }

  private static int posture(Call call, String id) throws ContainerException, HostException {
    List<Posture.Finding> findings = call.globals().containers().posture(id);
    for (Posture.Finding finding : findings) {
      call.out()
          .printf(
              "%-8s %-16s %-24s %s%n",
              finding.kept() ? "good" : "weaker",
              finding.process(),
              finding.what(),
              finding.measured());
    }
    return findings.stream().allMatch(Posture.Finding::kept) ? 0 : 1;
  }
}
