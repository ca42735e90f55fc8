package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import java.util.List;

/**
 * What Bulwark makes of every field of {@code config.json}: the one table that {@code
 * docs/config.md} is generated from, and the one place where a field is refused because Bulwark
 * does not do it.
 */
public final class Support {
  /** What becomes of a field. */
  public enum Level {
    /** It has the effect that the specification says. */
    ENFORCED("enforced"),
    /** It is checked and has no effect; the note says why that does no harm. */
    ACCEPTED("accepted"),
    /** It is refused; the note says what to do instead. */
    REFUSED("refused");

    private final String word;

    Level(String word) {
      this.word = word;
    }

    /** Its name in the table. */
    public String word() {
      return word;
    }
  }

  /**
   * A line of the table.
   *
   * @param field its name; {@code []} stands for every element, {@code =} for a value
   * @param level what becomes of it
   * @param note what there is to say; of a refused one, the rest of the message
   */
  public record Row(String field, Level level, String note) {}

  private static final List<String> FILE_SYSTEMS =
      List.of("bind", "none", "tmpfs", "proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2");

  private Support() {}

  /** All fields, in the order of the specification. */
  public static List<Row> rows() {
    return SupportTable.ROWS;
  }

  /** The page {@code docs/config.md}. */
  public static String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # config.json

        What Bulwark makes of every field of the OCI runtime specification 1.2. *Enforced* fields have the effect that the
        specification says. *Accepted* ones are checked and have no effect, for the reason given. *Refused* ones end `create` with
        a message that names the field and says what to do. Fields that the specification does not know are ignored, as by runc.
        This page is generated from the table that the runtime itself uses.

        | field | | note |
        |---|---|---|
        """);
    for (Row row : rows()) {
      page.append("| `")
          .append(row.field())
          .append("` | ")
          .append(row.level().word())
          .append(" | ")
          .append(row.note().replace("|", "\\|"))
          .append(" |\n");
    }
    return page.toString();
  }

  /** Refuses a configuration that asks for what Bulwark does not do. */
  static void check(Config config) throws ConfigException {
    Linux linux = config.linux();
    NamespaceSupport.check(config);
    checkPropagation("linux.rootfsPropagation", linux.rootfsPropagation());
    Linux.Device device = DeviceSupport.refused(linux);
    if (device != null) {
      throw refuse(
          "linux.devices[" + linux.devices().indexOf(device) + "] (" + device.path() + ")",
          "linux.devices",
          "config.json");
    }
    Seccomp seccomp = linux.seccomp();
    if (seccomp != null) {
      checkSeccomp(seccomp);
    }
    if (linux.intelRdt() != null) {
      throw refuse("config.json", "linux.intelRdt");
    }
    Linux.Personality personality = linux.personality();
    if (personality != null && personality.domain().equals("LINUX32")) {
      throw refuse("linux.personality.domain", "linux.personality.domain=LINUX32", "config.json");
    }
    if (personality != null && !personality.flags().isEmpty()) {
      throw refuse("config.json", "linux.personality.flags");
    }
    if (!linux.timeOffsets().isEmpty()) {
      throw refuse("config.json", "linux.timeOffsets");
    }
  }

  /** Refuses a mount that Bulwark cannot make. */
  static void checkMount(Field element, Mount mount, MountOptions options) throws ConfigException {
    if (!options.bind() && !FILE_SYSTEMS.contains(mount.type())) {
      throw element
          .get("type")
          .refuse(
              "is "
                  + Field.quote(mount.type())
                  + ", which is not supported; "
                  + note("mounts[].type=*"));
    }
    if (options.idmapped()) {
      throw element.get("options").refuse(sentence("mounts[].options=idmap"));
    }
    for (String propagation : options.propagation()) {
      if (propagation.endsWith("shared")) {
        throw element.get("options").refuse(sentence("mounts[].options=shared"));
      }
    }
  }

  private static void checkPropagation(String field, String propagation) throws ConfigException {
    if (propagation.endsWith("shared")) {
      throw refuse(field, field + "=shared", "config.json");
    }
  }

  private static void checkSeccomp(Seccomp seccomp) throws ConfigException {
    if (!seccomp.listenerPath().isEmpty()) {
      throw refuse("config.json", "linux.seccomp.listenerPath");
    }
    String row = "linux.seccomp=SCMP_ACT_NOTIFY";
    if (seccomp.defaultAction() == Seccomp.Action.SCMP_ACT_NOTIFY) {
      throw refuse("linux.seccomp.defaultAction", row, "config.json");
    }
    for (int i = 0; i < seccomp.syscalls().size(); i++) {
      if (seccomp.syscalls().get(i).action() == Seccomp.Action.SCMP_ACT_NOTIFY) {
        throw refuse("linux.seccomp.syscalls[" + i + "].action", row, "config.json");
      }
    }
  }

  /** Refuses a field that has a row of its own name. */
  static ConfigException refuse(String document, String row) {
    return refuse(row, row, document);
  }

  /** Refuses the member of an element that the last part of the row's name names. */
  static ConfigException refuse(Field element, String row) throws ConfigException {
    return element.get(row.substring(row.lastIndexOf('.') + 1)).refuse(sentence(row));
  }

  static ConfigException refuse(String place, String row, String document) {
    return new ConfigException(document + ": " + place + ": " + sentence(row));
  }

  private static String sentence(String row) {
    return "is not supported; " + note(row);
  }

  private static String note(String field) {
    for (Row row : SupportTable.ROWS) {
      if (row.field().equals(field)) {
        return row.note();
      }
    }
    throw new IllegalStateException("the table of fields has no row " + field);
  }
}
