package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads limits. */
final class ResourcesReader {
  private static final long MAX_32 = 0xffff_ffffL;

  private ResourcesReader() {}

  static Resources read(Field field) throws ConfigException {
    if (!field.present()) {
      return Resources.NONE;
    }
    Field pids = field.get("pids");
    return new Resources(
        devices(field.get("devices")),
        memory(field.get("memory")),
        cpu(field.get("cpu")),
        pids.get("limit").integerOrNull(Long.MIN_VALUE, Long.MAX_VALUE),
        blockIo(field.get("blockIO")),
        hugepages(field.get("hugepageLimits")),
        network(field.get("network")),
        rdma(field.get("rdma")),
        unified(field.get("unified")));
  }

  private static List<Resources.DeviceRule> devices(Field field) throws ConfigException {
    List<Resources.DeviceRule> rules = new ArrayList<>();
    for (Field element : field.elements()) {
      Field type = element.get("type");
      String letter = type.textOrEmpty();
      if (!letter.isEmpty() && !List.of("a", "b", "c").contains(letter)) {
        throw type.refuse("must be a, b or c, not " + Field.quote(letter));
      }
      Field access = element.get("access");
      String letters = access.textOrEmpty();
      for (int i = 0; i < letters.length(); i++) {
        if ("rwm".indexOf(letters.charAt(i)) < 0 || letters.length() > 3) {
          throw access.refuse("must be letters of rwm, not " + Field.quote(letters));
        }
      }
      rules.add(
          new Resources.DeviceRule(
              element.get("allow").flag(),
              letter.isEmpty() ? 'a' : letter.charAt(0),
              element.get("major").integerOrNull(-1, MAX_32),
              element.get("minor").integerOrNull(-1, MAX_32),
              letters));
    }
    return List.copyOf(rules);
  }

  private static Resources.Memory memory(Field field) throws ConfigException {
    if (!field.present()) {
      return Resources.Memory.NONE;
    }
    Long limit = bytes(field.get("limit"));
    Long reservation = bytes(field.get("reservation"));
    Long swap = bytes(field.get("swap"));
    if (limit != null && swap != null && limit > 0 && swap > 0 && swap < limit) {
      throw field
          .get("swap")
          .refuse("is memory and swap together, so it cannot be less than memory.limit");
    }
    if (limit != null && reservation != null && limit > 0 && reservation > limit) {
      throw field.get("reservation").refuse("cannot be more than memory.limit");
    }
    field.get("useHierarchy").flag();
    return new Resources.Memory(
        limit,
        reservation,
        swap,
        bytes(field.get("kernel")),
        bytes(field.get("kernelTCP")),
        field.get("swappiness").integerOrNull(0, 100),
        field.get("disableOOMKiller").flagOrNull(),
        field.get("checkBeforeUpdate").flag());
  }

  private static @Nullable Long bytes(Field field) throws ConfigException {
    return field.integerOrNull(-1, Long.MAX_VALUE);
  }

  private static Resources.Cpu cpu(Field field) throws ConfigException {
    if (!field.present()) {
      return Resources.Cpu.NONE;
    }
    return new Resources.Cpu(
        field.get("shares").integerOrNull(0, Long.MAX_VALUE),
        field.get("quota").integerOrNull(-1, Long.MAX_VALUE),
        field.get("burst").integerOrNull(0, Long.MAX_VALUE),
        field.get("period").integerOrNull(0, Long.MAX_VALUE),
        field.get("realtimeRuntime").integerOrNull(-1, Long.MAX_VALUE),
        field.get("realtimePeriod").integerOrNull(0, Long.MAX_VALUE),
        list(field.get("cpus")),
        list(field.get("mems")),
        field.get("idle").integerOrNull(0, 1));
  }

  /** A list of numbers and ranges as in cpuset(7): {@code 0-2,7}. */
  private static String list(Field field) throws ConfigException {
    String text = field.textOrEmpty();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '-' && c != ',' && c != ':' && c != '/' && c != ' ') {
        throw field.refuse("must be a list such as 0-2,7, not " + Field.quote(text));
      }
    }
    return text;
  }

  private static Resources.BlockIo blockIo(Field field) throws ConfigException {
    if (!field.present()) {
      return Resources.BlockIo.NONE;
    }
    List<Resources.WeightDevice> weights = new ArrayList<>();
    for (Field element : field.get("weightDevice").elements()) {
      weights.add(
          new Resources.WeightDevice(
              element.require("major").integer(0, MAX_32),
              element.require("minor").integer(0, MAX_32),
              weight(element.get("weight")),
              weight(element.get("leafWeight"))));
    }
    return new Resources.BlockIo(
        weight(field.get("weight")),
        weight(field.get("leafWeight")),
        List.copyOf(weights),
        throttle(field.get("throttleReadBpsDevice")),
        throttle(field.get("throttleWriteBpsDevice")),
        throttle(field.get("throttleReadIOPSDevice")),
        throttle(field.get("throttleWriteIOPSDevice")));
  }

  private static @Nullable Integer weight(Field field) throws ConfigException {
    Integer weight = field.intOrNull(0, 1000);
    if (weight == null || weight == 0) {
      return null;
    }
    if (weight < 10) {
      throw field.refuse("must be between 10 and 1000, not " + weight);
    }
    return weight;
  }

  private static List<Resources.ThrottleDevice> throttle(Field field) throws ConfigException {
    List<Resources.ThrottleDevice> rates = new ArrayList<>();
    for (Field element : field.elements()) {
      rates.add(
          new Resources.ThrottleDevice(
              element.require("major").integer(0, MAX_32),
              element.require("minor").integer(0, MAX_32),
              element.require("rate").unsigned()));
    }
    return List.copyOf(rates);
  }

  private static List<Resources.HugepageLimit> hugepages(Field field) throws ConfigException {
    List<Resources.HugepageLimit> limits = new ArrayList<>();
    for (Field element : field.elements()) {
      Field size = element.require("pageSize");
      String text = size.text();
      int unit = text.length() - 2;
      boolean good = unit > 0 && unit < 10 && text.endsWith("B") && text.charAt(0) != '0';
      for (int i = 0; good && i < unit; i++) {
        good = text.charAt(i) >= '0' && text.charAt(i) <= '9';
      }
      if (!good || "KMG".indexOf(text.charAt(unit)) < 0) {
        throw size.refuse("must be a size such as 64KB, 2MB or 1GB, not " + Field.quote(text));
      }
      limits.add(new Resources.HugepageLimit(text, element.require("limit").unsigned()));
    }
    return List.copyOf(limits);
  }

  private static Resources.Network network(Field field) throws ConfigException {
    if (!field.present()) {
      return Resources.Network.NONE;
    }
    List<Resources.InterfacePriority> priorities = new ArrayList<>();
    for (Field element : field.get("priorities").elements()) {
      Field name = element.require("name");
      String text = name.text();
      // What the kernel takes for the name of an interface (dev_valid_name).
      boolean bad = text.isEmpty() || text.length() > 15 || text.equals(".") || text.equals("..");
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        bad |= c <= ' ' || c == '/' || c == ':';
      }
      if (bad) {
        throw name.refuse("must be the name of an interface, not " + Field.quote(text));
      }
      priorities.add(
          new Resources.InterfacePriority(text, element.require("priority").integer(0, MAX_32)));
    }
    return new Resources.Network(
        field.get("classID").integerOrNull(0, MAX_32), List.copyOf(priorities));
  }

  private static Map<String, Resources.Rdma> rdma(Field field) throws ConfigException {
    if (!field.present()) {
      return Map.of();
    }
    Map<String, Resources.Rdma> limits = new LinkedHashMap<>();
    for (Map.Entry<String, Field> entry : field.members().entrySet()) {
      String name = entry.getKey();
      boolean bad = name.isEmpty();
      for (int i = 0; i < name.length(); i++) {
        bad |= name.charAt(i) <= ' ';
      }
      if (bad) {
        throw entry.getValue().refuse("must have the name of a device");
      }
      limits.put(
          name,
          new Resources.Rdma(
              entry.getValue().get("hcaHandles").integerOrNull(0, MAX_32),
              entry.getValue().get("hcaObjects").integerOrNull(0, MAX_32)));
    }
    return java.util.Collections.unmodifiableMap(limits);
  }

  private static Map<String, String> unified(Field field) throws ConfigException {
    Map<String, String> files = field.textMap();
    for (String name : files.keySet()) {
      if (name.indexOf('/') >= 0 || name.indexOf('.') <= 0 || name.length() > 255) {
        throw field.get(name).refuse("must be named like a file of a cgroup, memory.high");
      }
      if (name.startsWith("cgroup.")) {
        // cgroup.procs would move processes of the host, cgroup.kill end them.
        throw field.get(name).refuse("is a file that is the runtime's to write");
      }
    }
    return files;
  }
}
