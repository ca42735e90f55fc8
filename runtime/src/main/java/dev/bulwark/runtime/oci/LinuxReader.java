package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what only Linux has. */
final class LinuxReader {
  /** As many lines as the kernel takes for a map (user_namespaces(7)). */
  private static final int MAX_MAPPINGS = 340;

  private static final List<String> PROPAGATIONS =
      List.of(
          "private",
          "rprivate",
          "slave",
          "rslave",
          "shared",
          "rshared",
          "unbindable",
          "runbindable");

  private LinuxReader() {}

  static Linux read(Field field) throws ConfigException {
    Field propagation = field.get("rootfsPropagation");
    return new Linux(
        mappings(field.get("uidMappings")),
        mappings(field.get("gidMappings")),
        sysctl(field.get("sysctl")),
        ResourcesReader.read(field.get("resources")),
        cgroupsPath(field.get("cgroupsPath")),
        namespaces(field.get("namespaces")),
        devices(field.get("devices")),
        SeccompReader.read(field.get("seccomp")),
        propagation.textOrEmpty().isEmpty() ? "" : ProcessReader.oneOf(propagation, PROPAGATIONS),
        field.get("maskedPaths").absolutePaths(),
        field.get("readonlyPaths").absolutePaths(),
        field.get("mountLabel").textOrEmpty(),
        intelRdt(field.get("intelRdt")),
        personality(field.get("personality")),
        timeOffsets(field.get("timeOffsets")));
  }

  /** What fields say together. */
  static void checkNamespaces(Field field, Linux linux, Config config) throws ConfigException {
    Namespace user = config.namespace(Namespace.Type.USER);
    boolean fresh = user != null && user.path().isEmpty();
    if (fresh && linux.uidMappings().isEmpty()) {
      throw field.get("uidMappings").refuse("is missing; a new user namespace needs a mapping");
    }
    if (fresh && linux.gidMappings().isEmpty()) {
      throw field.get("gidMappings").refuse("is missing; a new user namespace needs a mapping");
    }
    if (user == null && !linux.uidMappings().isEmpty()) {
      throw field
          .get("uidMappings")
          .refuse("is given without {\"type\": \"user\"} in linux.namespaces; add that");
    }
    if (user == null && !linux.gidMappings().isEmpty()) {
      throw field
          .get("gidMappings")
          .refuse("is given without {\"type\": \"user\"} in linux.namespaces; add that");
    }
    boolean uts = config.namespace(Namespace.Type.UTS) != null;
    if (!uts && !config.hostname().isEmpty()) {
      throw field
          .get("namespaces")
          .refuse("has no uts namespace, so that hostname cannot be set; add {\"type\": \"uts\"}");
    }
    if (!uts && !config.domainname().isEmpty()) {
      throw field
          .get("namespaces")
          .refuse(
              "has no uts namespace, so that domainname cannot be set; add {\"type\": \"uts\"}");
    }
  }

  private static List<IdMapping> mappings(Field field) throws ConfigException {
    List<IdMapping> mappings = new ArrayList<>();
    for (Field element : field.elements()) {
      long container = element.require("containerID").integer(0, ProcessReader.MAX_ID);
      long host = element.require("hostID").integer(0, ProcessReader.MAX_ID);
      Field size = element.require("size");
      long room = ProcessReader.MAX_ID + 1 - Math.max(container, host);
      IdMapping mapping = new IdMapping(container, host, size.integer(1, room));
      for (IdMapping earlier : mappings) {
        if (overlap(earlier.containerId(), earlier.size(), container, mapping.size())) {
          throw element.get("containerID").refuse("begins a range that overlaps an earlier one");
        }
        if (overlap(earlier.hostId(), earlier.size(), host, mapping.size())) {
          throw element.get("hostID").refuse("begins a range that overlaps an earlier one");
        }
      }
      if (mappings.size() >= MAX_MAPPINGS) {
        throw field.refuse("has more than the " + MAX_MAPPINGS + " ranges that Linux takes");
      }
      mappings.add(mapping);
    }
    return List.copyOf(mappings);
  }

  private static boolean overlap(long first, long length, long second, long otherLength) {
    return first < second + otherLength && second < first + length;
  }

  private static Map<String, String> sysctl(Field field) throws ConfigException {
    Map<String, String> parameters = field.textMap();
    for (String name : parameters.keySet()) {
      // It becomes a path below /proc/sys.
      boolean bad = name.startsWith("/") || name.startsWith(".") || name.contains("..");
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        bad |= c <= ' ' || c >= 0x7f;
      }
      if (bad || name.contains("//") || name.endsWith(".") || name.endsWith("/")) {
        throw field
            .get(name)
            .refuse("is no name of a kernel parameter, such as net.ipv4.ip_forward");
      }
    }
    return parameters;
  }

  private static String cgroupsPath(Field field) throws ConfigException {
    String path = field.textOrEmpty();
    if (path.length() >= 4096) {
      throw field.refuse("is longer than the 4095 bytes that a path may have");
    }
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        throw field.refuse("must not lead upwards with \"..\"");
      }
      if (part.length() > 255) {
        throw field.refuse("has a component longer than the 255 bytes that a name may have");
      }
    }
    if (path.indexOf('\n') >= 0) {
      throw field.refuse("has a line feed, which no cgroup may have in its name");
    }
    return path;
  }

  private static List<Namespace> namespaces(Field field) throws ConfigException {
    List<Namespace> namespaces = new ArrayList<>();
    Set<Namespace.Type> seen = EnumSet.noneOf(Namespace.Type.class);
    for (Field element : field.elements()) {
      Field word = element.require("type");
      Namespace.Type type = Namespace.Type.of(word.text());
      if (type == null) {
        throw word.refuse(
            "must be one of pid, network, mount, ipc, uts, user, cgroup, time, not "
                + Field.quote(word.text()));
      }
      if (!seen.add(type)) {
        throw word.refuse("names " + type.word() + ", which an earlier entry names already");
      }
      Field path = element.get("path");
      String place = path.textOrEmpty();
      namespaces.add(new Namespace(type, place.isEmpty() ? "" : path.absolutePath()));
    }
    return List.copyOf(namespaces);
  }

  private static List<Linux.Device> devices(Field field) throws ConfigException {
    List<Linux.Device> devices = new ArrayList<>();
    for (Field element : field.elements()) {
      String path = element.require("path").absolutePath();
      Field type = element.require("type");
      String letter = type.text();
      if (letter.length() != 1 || "bcup".indexOf(letter.charAt(0)) < 0) {
        throw type.refuse("must be b, c, u or p, not " + Field.quote(letter));
      }
      boolean numbered = letter.charAt(0) != 'p';
      int major = numbered ? (int) element.require("major").integer(0, 4095) : 0;
      int minor = numbered ? (int) element.require("minor").integer(0, 1048575) : 0;
      devices.add(
          new Linux.Device(
              path,
              letter.charAt(0),
              major,
              minor,
              // Go's os.FileMode and Unix agree in these bits; a type in the others is ignored.
              permissions(element.get("fileMode")),
              id(element.get("uid")),
              id(element.get("gid"))));
    }
    return List.copyOf(devices);
  }

  private static @Nullable Integer permissions(Field field) throws ConfigException {
    Long mode = field.integerOrNull(0, 0xffff_ffffL);
    return mode == null ? null : (int) (mode & 0777);
  }

  private static @Nullable Integer id(Field field) throws ConfigException {
    Long id = field.integerOrNull(0, ProcessReader.MAX_ID);
    return id == null ? null : id.intValue();
  }

  private static Linux.@Nullable IntelRdt intelRdt(Field field) throws ConfigException {
    if (!field.present()) {
      return null;
    }
    return new Linux.IntelRdt(
        field.get("closID").textOrEmpty(),
        field.get("l3CacheSchema").textOrEmpty(),
        field.get("memBwSchema").textOrEmpty(),
        field.get("enableCMT").flag(),
        field.get("enableMBM").flag());
  }

  private static Linux.@Nullable Personality personality(Field field) throws ConfigException {
    if (!field.present()) {
      return null;
    }
    return new Linux.Personality(
        ProcessReader.oneOf(field.require("domain"), List.of("LINUX", "LINUX32")),
        field.get("flags").texts());
  }

  private static Map<String, Linux.TimeOffset> timeOffsets(Field field) throws ConfigException {
    if (!field.present()) {
      return Map.of();
    }
    Map<String, Linux.TimeOffset> offsets = new LinkedHashMap<>();
    for (Map.Entry<String, Field> entry : field.members().entrySet()) {
      String clock = entry.getKey();
      if (!clock.equals("monotonic") && !clock.equals("boottime")) {
        throw entry.getValue().refuse("is no clock; there are monotonic and boottime");
      }
      offsets.put(
          clock,
          new Linux.TimeOffset(
              entry.getValue().get("secs").integer(Long.MIN_VALUE, Long.MAX_VALUE, 0),
              (int) entry.getValue().get("nanosecs").integer(0, 999_999_999, 0)));
    }
    return java.util.Collections.unmodifiableMap(offsets);
  }
}
