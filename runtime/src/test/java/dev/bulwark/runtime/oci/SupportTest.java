package dev.bulwark.runtime.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.runtime.json.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SupportTest {
  private final Set<String> refused = new TreeSet<>();

  @Test
  void everyRefusalOfTheTableHappens() {
    String all = ConfigText.NAMESPACES;
    for (String other : new String[] {"solaris", "windows", "vm", "zos"}) {
      refused(other, ConfigText.small("\"" + other + "\": {}"), other);
    }
    mount("mounts[].type=*", "\"type\": \"ext4\", \"source\": \"/dev/sda\"", "mounts[0].type");
    mount(
        "mounts[].options=shared",
        "\"source\": \"/a\", \"options\": [\"bind\", \"rshared\"]",
        "mounts[0].options");
    mount(
        "mounts[].options=idmap",
        "\"source\": \"/a\", \"options\": [\"bind\", \"idmap\"]",
        "mounts[0].options");
    // Both members are refused by one check, which names the first.
    mount(
        "mounts[].uidMappings",
        "\"source\": \"/a\", \"options\": [\"bind\"], \"uidMappings\": []",
        "mounts[0].uidMappings");
    mount(
        "mounts[].gidMappings",
        "\"source\": \"/a\", \"options\": [\"bind\"], \"gidMappings\": []",
        "mounts[0].gidMappings");
    for (String type : new String[] {"pid", "mount", "ipc"}) {
      refused(
          "linux.namespaces without " + type,
          ConfigText.SMALL.replace(all, all.replace("\"" + type + "\"", "\"cgroup\"")),
          "linux.namespaces");
    }
    for (String type : new String[] {"pid", "mount", "ipc"}) {
      refused(
          "linux.namespaces[].path",
          ConfigText.SMALL.replace(
              "\"" + type + "\"}", "\"" + type + "\", \"path\": \"/proc/7/ns/" + type + "\"}"),
          "linux.namespaces: path of " + type);
    }
    for (String ids : new String[] {"uid", "gid"}) {
      String same = "[{\"containerID\": 0, \"hostID\": 0, \"size\": 9}]";
      String shifted = same.replace("\"hostID\": 0", "\"hostID\": 100000");
      String both =
          "\"uidMappings\": " + same + ", \"gidMappings\": " + same + ", \"namespaces\": [";
      refused(
          "linux." + ids + "Mappings=other numbers",
          ConfigText.SMALL.replace(
              "\"namespaces\": [",
              both.replace(ids + "Mappings\": " + same, ids + "Mappings\": " + shifted)
                  + "{\"type\": \"user\"}, "),
          "linux." + ids + "Mappings");
    }
    linux(
        "linux.timeOffsets",
        "\"timeOffsets\": {\"monotonic\": {\"secs\": 1}}",
        "linux.timeOffsets");
    linux(
        "linux.devices",
        "\"devices\": [{\"path\": \"/dev/fuse\", \"type\": \"c\", \"major\": 10, \"minor\": 229}]",
        "linux.devices[0] (/dev/fuse)");
    linux(
        "linux.rootfsPropagation=shared",
        "\"rootfsPropagation\": \"rshared\"",
        "linux.rootfsPropagation");
    linux(
        "linux.seccomp=SCMP_ACT_NOTIFY",
        "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"mkdir\"],"
            + " \"action\": \"SCMP_ACT_NOTIFY\"}]}",
        "linux.seccomp.syscalls[0].action");
    linux(
        "linux.seccomp.listenerPath",
        "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \"/s\"}",
        "linux.seccomp.listenerPath");
    linux("linux.intelRdt", "\"intelRdt\": {\"closID\": \"x\"}", "linux.intelRdt");
    linux(
        "linux.personality.domain=LINUX32",
        "\"personality\": {\"domain\": \"LINUX32\"}",
        "linux.personality.domain");
    linux(
        "linux.personality.flags",
        "\"personality\": {\"domain\": \"LINUX\", \"flags\": [\"X\"]}",
        "linux.personality.flags");
    Set<String> rows = new TreeSet<>();
    for (Support.Row row : Support.rows()) {
      if (row.level() == Support.Level.REFUSED) {
        rows.add(row.field());
      }
    }
    assertEquals(rows, refused);
  }

  @Test
  void thePageIsTheTable() throws IOException {
    Path page = Path.of("..", "docs", "config.md");
    Path made = Path.of("target", "config.md");
    Files.writeString(made, Support.page());
    assertEquals(
        Support.page(),
        Files.readString(page),
        "docs/config.md is out of date: copy runtime/target/config.md over it");
  }

  private void mount(String row, String members, String field) {
    refused(
        row, ConfigText.small("\"mounts\": [{\"destination\": \"/m\", " + members + "}]"), field);
  }

  private void linux(String row, String member, String field) {
    refused(row, ConfigText.SMALL.replace("\"linux\": {", "\"linux\": {" + member + ", "), field);
  }

  private void refused(String row, String json, String field) {
    String message =
        assertThrows(
                ConfigException.class,
                () -> Documents.config(json.getBytes(StandardCharsets.UTF_8)))
            .getMessage();
    assertTrue(message.startsWith("config.json: " + field + ": is "), message);
    String note = "";
    for (Support.Row each : Support.rows()) {
      note = each.field().equals(row) ? each.note() : note;
    }
    assertTrue(!note.isEmpty() && message.endsWith("not supported; " + note), message);
    refused.add(row);
  }
}
