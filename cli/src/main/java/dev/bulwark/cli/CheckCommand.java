package dev.bulwark.cli;

import dev.bulwark.runtime.HostCheck;
import java.util.List;
import java.util.Locale;

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
    return "The exit code is 1 when no sandbox can be made here.";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public int run(Call call) {
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
}
