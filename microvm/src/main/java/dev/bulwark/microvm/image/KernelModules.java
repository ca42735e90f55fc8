package dev.bulwark.microvm.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The modules of a kernel package: found by name, read with everything that they depend on, which
 * they say themselves ({@code depends} in the section .modinfo). Not thread-safe.
 */
final class KernelModules {
  private final Map<String, Path> files = new HashMap<>();
  private final Set<String> builtIn = new HashSet<>();

  /**
   * Looks at the modules of a kernel.
   *
   * @param directory such as lib/modules/6.1.0-56-amd64
   */
  static KernelModules in(Path directory) throws IOException {
    KernelModules modules = new KernelModules();
    try (Stream<Path> all = Files.walk(directory.resolve("kernel"))) {
      all.filter(path -> path.getFileName().toString().contains(".ko"))
          .forEach(path -> modules.files.put(name(path.getFileName().toString()), path));
    }
    for (String line : Files.readAllLines(directory.resolve("modules.builtin"))) {
      modules.builtIn.add(name(line.substring(line.lastIndexOf('/') + 1)));
    }
    return modules;
  }

  /** The name that the kernel knows a module by: without directory and ending, with underscores. */
  static String name(String fileName) {
    int end = fileName.indexOf(".ko");
    return (end < 0 ? fileName : fileName.substring(0, end)).replace('-', '_');
  }

  /**
   * Reads modules and what they depend on.
   *
   * @return contents by name, in an order in which they can be loaded; what is built into the
   *     kernel is left out
   * @throws ImageException when one is missing
   */
  Map<String, byte[]> load(List<String> wanted) throws ImageException, IOException {
    Map<String, byte[]> loaded = new LinkedHashMap<>();
    for (String name : wanted) {
      add(name, loaded, new ArrayList<>());
    }
    return loaded;
  }

  private void add(String name, Map<String, byte[]> loaded, List<String> path)
      throws ImageException, IOException {
    if (loaded.containsKey(name) || builtIn.contains(name)) {
      return;
    }
    Path file = files.get(name);
    if (file == null || path.contains(name)) {
      throw new ImageException(
          file == null
              ? "the kernel has no module '" + name + "'; its generic flavour is needed"
              : "modules depend on each other: " + path);
    }
    byte[] module = read(file);
    path.add(name);
    for (String dependency : dependencies(name, module)) {
      add(dependency, loaded, path);
    }
    path.removeLast();
    loaded.put(name, module);
  }

  private static byte[] read(Path file) throws ImageException, IOException {
    byte[] bytes = Files.readAllBytes(file);
    String name = file.toString();
    if (name.endsWith(".xz")) {
      return Tool.filter(Path.of("/"), bytes, "xz", "-dc");
    }
    return name.endsWith(".zst") ? Tool.filter(Path.of("/"), bytes, "zstd", "-dc") : bytes;
  }

  /** What a module says that it depends on. */
  static List<String> dependencies(String name, byte[] module) throws ImageException {
    byte[] section = Elf.of("module " + name, module).section(".modinfo");
    if (section == null) {
      throw new ImageException("module " + name + " has no section .modinfo");
    }
    List<String> all = new ArrayList<>();
    String information = new String(section, StandardCharsets.ISO_8859_1);
    for (String line : information.split("\0", -1)) {
      if (line.startsWith("depends=")) {
        for (String dependency : line.substring("depends=".length()).split(",", -1)) {
          if (!dependency.isEmpty()) {
            all.add(name(dependency));
          }
        }
      }
    }
    return all;
  }
}
