package dev.bulwark.microvm.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The guest images of an installation, and the packages that they were made from. Processes that
 * build exclude each other; those that only look need no lock, because an image appears as a whole.
 */
public final class ImageStore {
  private static final String CURRENT = "current";

  private final Path root;

  /** A store in a directory, which is made when something is put there. */
  public ImageStore(Path root) {
    this.root = root;
  }

  /** The store of an installation. */
  public static ImageStore of(Path home) {
    return new ImageStore(home.resolve("guest"));
  }

  /** Where it is. */
  public Path root() {
    return root;
  }

  private Path images() {
    return root.resolve("images");
  }

  /** The image that virtual machines start from; null when none has been built. */
  public @Nullable GuestImage current() throws IOException {
    Path name = root.resolve(CURRENT);
    if (!Files.exists(name)) {
      return null;
    }
    Path directory = images().resolve(Files.readString(name).strip());
    return Files.exists(directory.resolve(GuestImage.MANIFEST)) ? GuestImage.read(directory) : null;
  }

  /** All images, by name. */
  public List<GuestImage> all() throws IOException {
    List<GuestImage> found = new ArrayList<>();
    if (Files.exists(images())) {
      try (DirectoryStream<Path> directories = Files.newDirectoryStream(images())) {
        for (Path directory : directories) {
          if (Files.exists(directory.resolve(GuestImage.MANIFEST))) {
            found.add(GuestImage.read(directory));
          }
        }
      }
    }
    found.sort(java.util.Comparator.comparing(GuestImage::key));
    return found;
  }

  /**
   * Builds the image of the packages that the distribution offers now, unless it is there, and
   * makes it the current one.
   *
   * @param progress told what is done
   */
  public GuestImage build(java.util.function.Consumer<String> progress)
      throws ImageException, IOException {
    Files.createDirectories(images());
    Path packages = Files.createDirectories(root.resolve("packages"));
    try (FileChannel lock =
        FileChannel.open(
            root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      removeRemains();
      ImageBuilder builder = new ImageBuilder(packages, progress);
      Path place = images().resolve(builder.key());
      if (!Files.exists(place.resolve(GuestImage.MANIFEST))) {
        Path fresh = Files.createTempDirectory(images(), "new-");
        try {
          builder.build(fresh);
          // Hypervisors read it, as users that own nothing.
          Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
          Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          remove(fresh);
        }
      }
      Path name = root.resolve(CURRENT + ".new");
      Files.writeString(name, builder.key() + "\n", StandardCharsets.US_ASCII);
      Files.move(name, root.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
      return GuestImage.read(place);
    }
  }

  /** What a build left that was killed. */
  private void removeRemains() throws IOException {
    try (DirectoryStream<Path> remains = Files.newDirectoryStream(images(), "new-*")) {
      for (Path directory : remains) {
        remove(directory);
      }
    }
  }

  /**
   * Removes an image. Machines that run from it go on.
   *
   * @throws ImageException when there is none of that name
   */
  public void remove(String key) throws ImageException, IOException {
    for (GuestImage image : all()) {
      if (image.key().equals(key)) {
        Files.delete(image.directory().resolve(GuestImage.MANIFEST));
        remove(image.directory());
        return;
      }
    }
    throw new ImageException(
        "there is no guest image '" + key + "': see 'bulwark image list' for those there are");
  }

  static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
