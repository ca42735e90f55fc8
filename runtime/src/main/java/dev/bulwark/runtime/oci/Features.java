package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** The document that {@code features} prints: what engines may ask for (features.md, 1.2). */
public final class Features {
  private Features() {}

  /**
   * The document.
   *
   * @param version of Bulwark
   * @param specification the newest version that is understood
   */
  public static byte[] document(String version, String specification) {
    JsonWriter out = JsonWriter.indented("    ").object();
    out.add("ociVersionMin", "1.0.0").add("ociVersionMax", specification);
    out.add(
        "hooks",
        List.of(
            "prestart",
            "createRuntime",
            "createContainer",
            "startContainer",
            "poststart",
            "poststop"));
    out.add("mountOptions", MountOptions.known());
    linux(out.object("linux"));
    out.endObject();
    out.object("annotations").add("dev.bulwark.version", version).endObject();
    out.add("potentiallyUnsafeConfigAnnotations", List.of("dev.bulwark.host-sockets"));
    return out.endObject().toBytes();
  }

  private static void linux(JsonWriter out) {
    List<String> namespaces = new ArrayList<>();
    for (Namespace.Type type : Namespace.Type.values()) {
      if (type != Namespace.Type.TIME) {
        namespaces.add(type.word());
      }
    }
    namespaces.sort(null);
    List<String> capabilities = new ArrayList<>();
    for (int i = 0; i < Capabilities.COUNT; i++) {
      capabilities.add(Capabilities.name(i));
    }
    out.add("namespaces", namespaces).add("capabilities", capabilities);
    out.object("cgroup")
        .add("v1", true)
        .add("v2", true)
        .add("systemd", true)
        .add("systemdUser", false)
        .add("rdma", true)
        .endObject();
    List<String> actions = new ArrayList<>();
    for (Seccomp.Action action : Seccomp.Action.values()) {
      if (action != Seccomp.Action.SCMP_ACT_NOTIFY) {
        actions.add(action.name());
      }
    }
    List<String> operators = new ArrayList<>();
    for (Seccomp.Operator operator : Seccomp.Operator.values()) {
      operators.add(operator.name());
    }
    out.object("seccomp")
        .add("enabled", true)
        .add("actions", actions)
        .add("operators", operators)
        .add("archs", List.of("SCMP_ARCH_X86_64"))
        .add("knownFlags", SeccompReader.FLAGS)
        .add("supportedFlags", SeccompReader.FLAGS)
        .endObject();
    out.object("apparmor").add("enabled", false).endObject();
    out.object("selinux").add("enabled", false).endObject();
    out.object("intelRdt").add("enabled", false).endObject();
    out.object("mountExtensions").object("idmap").add("enabled", false).endObject().endObject();
  }
}
