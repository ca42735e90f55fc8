package dev.bulwark.cli;

import dev.bulwark.runtime.Version;

/** {@code man}: the manual page, made from what the commands say of themselves. */
final class ManCommand implements Command {
  @Override
  public String name() {
    return "man";
  }

  @Override
  public String summary() {
    return "print the manual page bulwark(8), for man -l -";
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
    call.out().print(page());
    return 0;
  }

  static String page() {
    StringBuilder page = new StringBuilder();
    page.append(".TH BULWARK 8 \"\" \"bulwark ").append(Version.NUMBER).append("\"\n");
    page.append(".SH NAME\nbulwark \\- a secure container runtime\n");
    page.append(".SH SYNOPSIS\n.B bulwark\n[OPTION]... COMMAND [OPTION]...\n");
    page.append(".SH OPTIONS\n").append(preformatted(Globals.options().help()));
    page.append(".SH COMMANDS\n");
    for (Command command : CommandTable.all()) {
      page.append(".SS \"").append(command.name());
      page.append(command.operands().isEmpty() ? "" : " " + command.operands()).append("\"\n");
      page.append(escape(sentence(command.summary()))).append('\n');
      if (!command.description().isBlank()) {
        page.append(".PP\n").append(escape(command.description().strip())).append('\n');
      }
      String options = command.options().help();
      if (!options.isEmpty()) {
        page.append(".PP\n").append(preformatted(options));
      }
    }
    page.append(".SH EXIT STATUS\n");
    page.append(
        "Of run and exec, that of the container's process; 0 for success; 1 when a command");
    page.append(" failed; 2 for wrong options. Of do, see there.\n");
    return page.toString();
  }

  private static String sentence(String summary) {
    return Character.toUpperCase(summary.charAt(0)) + summary.substring(1) + ".";
  }

  private static String preformatted(String text) {
    return ".nf\n" + escape(text) + ".fi\n";
  }

  /** What roff would take for requests and hyphens. */
  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-");
    return escaped
        .lines()
        .map(line -> line.startsWith(".") ? "\\&" + line : line + "\n")
        .collect(java.util.stream.Collectors.joining());
  }
}
