package dev.bulwark.microvm.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A kernel and an initial file system that virtual machines start from.
 *
 * @param directory holds {@code vmlinux}, {@code base.cpio} and {@code manifest}; its name is the
 *     key of what it was made from
 * @param manifest lines {@code WORD VALUE...}: {@code key}, {@code kernel}, {@code package} with
 *     name and version, {@code module}, {@code sha256} with file and checksum
 */
public record GuestImage(Path directory, List<String> manifest) {
  static final String MANIFEST = "manifest";
  static final String KERNEL = "vmlinux";
  static final String BASE = "base.cpio";

  /** Makes the list immutable. */
  public GuestImage {
    manifest = List.copyOf(manifest);
  }

  /** Reads the manifest of an image. */
  static GuestImage read(Path directory) throws IOException {
    return new GuestImage(directory, Files.readAllLines(directory.resolve(MANIFEST)));
  }

  /** Its name in the store. */
  public String key() {
    return directory.getFileName().toString();
  }

  /** The uncompressed kernel. */
  public Path kernel() {
    return directory.resolve(KERNEL);
  }

  /** Everything of the initial file system but the agent. */
  public Path base() {
    return directory.resolve(BASE);
  }

  /** The first value of a word in the manifest; empty when it has none. */
  public String value(String word) {
    String prefix = word + " ";
    return manifest.stream()
        .filter(line -> line.startsWith(prefix))
        .findFirst()
        .map(line -> line.substring(prefix.length()))
        .orElse("");
  }

  /**
   * Checks that its files are those that were built.
   *
   * @throws ImageException when one has changed or is gone
   */
  public void verify() throws ImageException {
    for (String line : manifest) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("sha256") && words.length == 3) {
        Path file = directory.resolve(words[1]);
        try {
          if (DebianPackages.sha256(Files.readAllBytes(file)).equals(words[2])) {
            continue;
          }
        } catch (IOException gone) {
          // Told below: it is not what was built.
        }
        throw new ImageException(
            file
                + " is not what was built: remove the image with 'bulwark image rm "
                + key()
                + "'");
      }
    }
  }

  /**
   * The initial file system with an agent, as QEMU takes it: two archives in one file, since the
   * kernel unpacks one after the other. Made once for each agent.
   *
   * @param agent the executable
   */
  public Path initialFileSystem(Path agent) throws IOException {
    byte[] program = Files.readAllBytes(agent);
    String name = "initrd-" + DebianPackages.sha256(program).substring(0, 16) + ".cpio";
    Path whole = directory.resolve(name);
    if (!Files.exists(whole)) {
      Path fresh = Files.createTempFile(directory, name, ".new");
      try (var out = Files.newOutputStream(fresh)) {
        Files.copy(base(), out);
        try (CpioWriter archive = new CpioWriter(out)) {
          archive.file("init", 0755, program);
        }
      }
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE);
    }
    return whole;
  }
}
