package dev.bulwark.microvm.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Packages of the distribution, found and fetched by apt, which checks their signatures. */
final class DebianPackages {
  private final Path directory;

  /**
   * Keeps packages in a directory.
   *
   * @param directory exists
   */
  DebianPackages(Path directory) {
    this.directory = directory;
  }

  /**
   * A package that can be fetched.
   *
   * @param sha256 of its file, in hexadecimal
   * @param depends on these names
   */
  record DebianPackage(String name, String version, String sha256, List<String> depends) {
    DebianPackage {
      depends = List.copyOf(depends);
    }
  }

  /**
   * The packages of some names and, down to the C library, of all that they depend on. Of
   * alternatives the first one counts, as for apt.
   *
   * @throws ImageException when one of the names is not known
   */
  List<DebianPackage> resolve(List<String> names) throws ImageException {
    Map<String, DebianPackage> known = new LinkedHashMap<>();
    Set<String> missing = new LinkedHashSet<>(names);
    while (!missing.isEmpty()) {
      List<String> command =
          new ArrayList<>(List.of("apt-cache", "show", "--no-all-versions", "--"));
      command.addAll(missing);
      String text;
      try {
        text = Tool.text(directory, command.toArray(String[]::new));
      } catch (ImageException unknown) {
        throw new ImageException(
            unknown.getMessage() + "; run 'apt-get update' as root, then try again");
      }
      List<DebianPackage> found = parse(text);
      found.forEach(one -> known.putIfAbsent(one.name(), one));
      missing.clear();
      for (DebianPackage one : found) {
        one.depends().stream().filter(name -> !known.containsKey(name)).forEach(missing::add);
      }
    }
    return List.copyOf(known.values());
  }

  /** The package of a name, without what it depends on. */
  Optional<DebianPackage> resolveOnly(String name) throws ImageException {
    String[] command = {"apt-cache", "show", "--no-all-versions", "--", name};
    return parse(Tool.text(directory, command)).stream().findFirst();
  }

  /** Reads what apt-cache show prints (deb-control(5)). */
  static List<DebianPackage> parse(String text) {
    List<DebianPackage> all = new ArrayList<>();
    for (String stanza : text.split("\n\n", -1)) {
      String name = field(stanza, "Package");
      if (!name.isEmpty()) {
        List<String> depends = new ArrayList<>(dependencies(field(stanza, "Pre-Depends")));
        depends.addAll(dependencies(field(stanza, "Depends")));
        all.add(
            new DebianPackage(name, field(stanza, "Version"), field(stanza, "SHA256"), depends));
      }
    }
    return all;
  }

  private static String field(String stanza, String name) {
    for (String line : stanza.split("\n", -1)) {
      if (line.startsWith(name + ": ")) {
        return line.substring(name.length() + 2).strip();
      }
    }
    return "";
  }

  private static List<String> dependencies(String field) {
    List<String> names = new ArrayList<>();
    for (String alternatives : field.split(",", -1)) {
      String first = alternatives.split("[|(:]", -1)[0].strip();
      if (!first.isEmpty()) {
        names.add(first);
      }
    }
    return names;
  }

  /**
   * Fetches packages that are not there yet.
   *
   * @return their files
   */
  List<Path> fetch(List<DebianPackage> packages) throws ImageException, IOException {
    List<String> command = new ArrayList<>(List.of("apt-get", "-q", "download"));
    for (DebianPackage one : packages) {
      if (!intact(one)) {
        command.add(one.name() + "=" + one.version());
      }
    }
    if (command.size() > 3) {
      Tool.run(directory, command.toArray(String[]::new));
    }
    List<Path> files = new ArrayList<>();
    for (DebianPackage one : packages) {
      if (!intact(one)) {
        throw new ImageException("apt-get fetched a package " + one.name() + " that is damaged");
      }
      files.add(file(one));
    }
    return files;
  }

  private Path file(DebianPackage one) throws IOException {
    String start = one.name() + "_" + one.version().replace(":", "%3a") + "_";
    try (var files = Files.newDirectoryStream(directory, start + "*.deb")) {
      for (Path file : files) {
        return file;
      }
    }
    return directory.resolve(start + "amd64.deb");
  }

  private boolean intact(DebianPackage one) throws IOException {
    Path file = file(one);
    return Files.exists(file) && sha256(Files.readAllBytes(file)).equals(one.sha256());
  }

  /** A checksum in hexadecimal. */
  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
