package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.container.Containers;
import dev.bulwark.runtime.json.JsonWriter;
import java.util.List;

/** {@code list}. */
final class ListCommand implements Command {
  @Override
  public String name() {
    return "list";
  }

  @Override
  public String summary() {
    return "list the containers";
  }

  @Override
  public String operands() {
    return "";
  }

  @Override
  public Options options() {
    return new Options()
        .value("format", "f", "FORMAT", "table (the default) or json")
        .flag("quiet", "q", "print their names alone");
  }

  @Override
  public int run(Call call) throws UsageException, HostException {
    List<Containers.Listed> all = call.globals().containers().list();
    if (call.given().has("quiet")) {
      all.forEach(each -> call.out().println(each.id()));
      return 0;
    }
    switch (call.given().last("format").orElse("table")) {
      case "table" -> table(call, all);
      case "json" -> json(call, all);
      default -> throw new UsageException("invalid format option: it is table or json");
    }
    return 0;
  }

  private static void table(Call call, List<Containers.Listed> all) {
    int width = all.stream().mapToInt(each -> each.id().length()).max().orElse(2);
    String row = "%-" + Math.max(width, 2) + "s   %-10s  %-8s  %-40s  %s%n";
    call.out().printf(row, "ID", "PID", "STATUS", "BUNDLE", "CREATED");
    for (Containers.Listed each : all) {
      call.out().printf(row, each.id(), each.pid(), each.status(), each.bundle(), each.created());
    }
  }

  private static void json(Call call, List<Containers.Listed> all) {
    JsonWriter json = JsonWriter.compact().array();
    for (Containers.Listed each : all) {
      json.object()
          .add("id", each.id())
          .add("pid", each.pid())
          .add("status", each.status())
          .add("bundle", each.bundle())
          .add("rootfs", each.rootfs())
          .add("created", each.created())
          .endObject();
    }
    call.out().println(json.endArray().toString().strip());
  }
}
