package dev.bulwark.runtime.engine;

import dev.bulwark.runtime.json.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * A file that is read, and replaced as a whole.
 *
 * @param path where it is, symbolic links resolved
 * @param text what was in it, a byte string; empty when it was not there
 */
record ConfigFile(Path path, String text) {
  private static final long MAX_BYTES = 8 << 20;

  static ConfigFile read(Path path) throws ConfigException, IOException {
    try {
      Path real = path.toRealPath();
      if (Files.size(real) > MAX_BYTES) {
        throw new ConfigException(path + ": is larger than 8 MiB; it cannot be a configuration");
      }
      return new ConfigFile(
          real, new String(Files.readAllBytes(real), StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      if (Files.isSymbolicLink(path)) {
        throw new ConfigException(path + ": is a symbolic link to nowhere; mend or remove it");
      }
      return new ConfigFile(path.toAbsolutePath(), "");
    }
  }

  /** How messages call it. */
  String title() {
    return path.toString();
  }

  /** Replaces it by another text; false when that is the same. */
  boolean replace(String changed, boolean dryRun) throws IOException {
    if (changed.equals(text)) {
      return false;
    }
    if (dryRun) {
      return true;
    }
    Path directory = path.resolveSibling(".").normalize();
    Files.createDirectories(directory);
    Path temporary = directory.resolve("." + path.getFileName() + ".bulwark");
    try {
      Files.deleteIfExists(temporary);
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(changed.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        if (Files.exists(path)) {
          Map<String, Object> old = Files.readAttributes(path, "unix:uid,gid,mode");
          Files.setAttribute(temporary, "unix:uid", old.getOrDefault("uid", 0));
          Files.setAttribute(temporary, "unix:gid", old.getOrDefault("gid", 0));
          Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(path));
        } else {
          Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r--r--"));
        }
        out.force(true);
      }
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return true;
  }
}
