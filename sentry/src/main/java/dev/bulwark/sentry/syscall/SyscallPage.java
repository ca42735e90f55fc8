package dev.bulwark.sentry.syscall;

import java.util.List;

/** Writes the documentation page of the system calls from the table. */
public final class SyscallPage {
  private SyscallPage() {}

  /** The page in Markdown: a count of each level of support, then a line for each call. */
  public static String markdown(SyscallTable table) {
    List<Row> rows = table.rows();
    StringBuilder page = new StringBuilder("# System calls\n\n");
    for (Support level : Support.values()) {
      long count = rows.stream().filter(row -> row.support() == level).count();
      page.append("- ").append(level.words()).append(": ").append(count).append('\n');
    }
    page.append("\n| number | name | support | note |\n|---|---|---|---|\n");
    for (Row row : rows) {
      page.append("| ")
          .append(row.number())
          .append(" | ")
          .append(row.name())
          .append(" | ")
          .append(row.support().words())
          .append(" | ")
          .append(row.note().replace("|", "\\|"))
          .append(" |\n");
    }
    return page.toString();
  }
}
