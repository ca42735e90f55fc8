package dev.bulwark.microvm.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds what a program of an unpacked package needs to run. */
final class SharedLibraries {
  private static final List<String> PLACES =
      List.of(
          "lib/x86_64-linux-gnu",
          "usr/lib/x86_64-linux-gnu",
          "lib64",
          "usr/lib64",
          "lib",
          "usr/lib");

  private final Path tree;

  SharedLibraries(Path tree) {
    this.tree = tree;
  }

  /**
   * A program's interpreter and libraries, and theirs.
   *
   * @param program path of it in the tree
   * @return contents by the path at which it finds them
   * @throws ImageException when one is in none of the packages
   */
  Map<String, byte[]> of(String program) throws ImageException, IOException {
    Map<String, byte[]> found = new TreeMap<>();
    Elf elf = Elf.of(program, Files.readAllBytes(tree.resolve(program)));
    Deque<String> missing = new ArrayDeque<>(elf.needed());
    String interpreter = elf.interpreter();
    if (interpreter != null) {
      String path = interpreter.substring(1);
      String name = path.substring(path.lastIndexOf('/') + 1);
      found.put(path, Files.readAllBytes(find(program, name)));
    }
    while (!missing.isEmpty()) {
      String name = missing.pop();
      String path = "lib/x86_64-linux-gnu/" + name;
      if (!found.containsKey(path)) {
        byte[] contents = Files.readAllBytes(find(program, name));
        found.put(path, contents);
        missing.addAll(Elf.of(name, contents).needed());
      }
    }
    return found;
  }

  private Path find(String program, String name) throws ImageException, IOException {
    for (String place : PLACES) {
      Path file = tree.resolve(place).resolve(name);
      // Absolute links of a package would lead out of its tree, into the host's own libraries.
      if (Files.exists(file) && file.toRealPath().startsWith(tree.toRealPath())) {
        return file;
      }
    }
    throw new ImageException(
        program + " needs the library " + name + ", which none of its packages has");
  }
}
