package dev.bulwark.microvm.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code bulwark image}: builds, lists and removes guest images. */
public final class ImageCommand {
  private static final int BAD_USAGE = 2;

  private final ImageStore store;

  private ImageCommand(ImageStore store) {
    this.store = store;
  }

  /**
   * Runs a command: {@code build}, {@code list}, {@code rm KEY}, or {@code ensure}, which builds
   * only when there is no image yet.
   *
   * @param arguments the directory of the installation comes first
   */
  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    ImageStore store = ImageStore.of(Path.of(words.getFirst()));
    System.exit(new ImageCommand(store).run(words.subList(1, words.size())));
  }

  private int run(List<String> words) {
    try {
      return switch (words.isEmpty() ? "" : words.getFirst()) {
        case "build" -> print(store.build(ImageCommand::say));
        case "ensure" -> ensure();
        case "list" -> list();
        case "rm" -> remove(words.subList(1, words.size()));
        default -> usage();
      };
    } catch (ImageException failure) {
      say(failure.getMessage());
    } catch (IOException failure) {
      say("the store of guest images cannot be used: " + failure);
    }
    return 1;
  }

  private static int usage() {
    say("an image command is one of build, list and rm KEY...; see 'bulwark image --help'");
    return BAD_USAGE;
  }

  private int ensure() throws ImageException, IOException {
    if (store.current() == null) {
      store.build(ImageCommand::say);
    }
    return 0;
  }

  private int print(GuestImage image) {
    System.out.println(image.key() + " " + image.value("kernel"));
    return 0;
  }

  private int list() throws IOException {
    GuestImage current = store.current();
    for (GuestImage image : store.all()) {
      boolean used = current != null && current.key().equals(image.key());
      System.out.printf(
          "%s  %-24s %s%n", image.key(), image.value("kernel"), used ? "current" : "");
    }
    return 0;
  }

  private int remove(List<String> keys) throws ImageException, IOException {
    if (keys.isEmpty()) {
      return usage();
    }
    for (String key : keys) {
      store.remove(key);
    }
    return 0;
  }

  private static void say(String sentence) {
    System.err.println("bulwark: " + sentence);
  }
}
