package dev.bulwark.cli;

/** What {@code --help} prints. */
final class Help {
  private static final int NAME_WIDTH = 12;

  private Help() {}

  /** The page of the program. */
  static String overview() {
    StringBuilder page = new StringBuilder("Usage: bulwark [OPTION]... COMMAND [OPTION]...\n\n");
    page.append(
        "Runs containers behind a user-space kernel or a small virtual machine.\n\nCommands:\n");
    for (Command command : CommandTable.all()) {
      page.append("  ").append(command.name());
      page.append(" ".repeat(Math.max(1, NAME_WIDTH - command.name().length())));
      page.append(command.summary()).append('\n');
    }
    return page.append("\nOptions:\n")
        .append(Globals.options().help())
        .append("\n'bulwark COMMAND --help' explains a command.\n")
        .toString();
  }

  /** The page of a command. */
  static String of(Command command) {
    String description = command.description();
    return "Usage: bulwark "
        + command.name()
        + " [OPTION]... "
        + command.operands()
        + "\n\n"
        + Character.toUpperCase(command.summary().charAt(0))
        + command.summary().substring(1)
        + ".\n"
        + (description.isEmpty() ? "" : "\n" + description.strip() + "\n")
        + "\nOptions:\n"
        + command.options().flag("help", "h", "print this help").help();
  }
}
