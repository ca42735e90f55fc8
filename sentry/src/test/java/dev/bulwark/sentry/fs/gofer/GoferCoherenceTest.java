package dev.bulwark.sentry.fs.gofer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.gofer.ServerLimits;
import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Rename;
import dev.bulwark.sentry.vfs.Tree;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads do what they like in one tree; what the Sentry shows afterwards is what the host has. */
@Timeout(120)
class GoferCoherenceTest {
  private static final int THREADS = 4;
  private static final int STEPS = 1500;

  /** What can happen to somebody whose files others move about. */
  private static final Set<Integer> EXPECTED =
      Set.of(
          Errno.ENOENT,
          Errno.EEXIST,
          Errno.ENOTEMPTY,
          Errno.ENOTDIR,
          Errno.EISDIR,
          Errno.EINVAL,
          Errno.EPERM,
          Errno.EBUSY,
          Errno.ELOOP);

  @TempDir private Path host;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void sentryShowsWhatTheHostHas(int seed) throws Exception {
    // So few descriptors that both sides open their files again all the time.
    try (LiveGofer gofer = new LiveGofer(host, false, new ServerLimits(2000, 24), 8);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      Tree tree = new Tree(gofer.system);
      List<Future<?>> all =
          IntStream.range(0, THREADS)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            Random random = new Random(seed * 100L + i);
                            for (int n = 0; n < STEPS; n++) {
                              step(tree, random);
                            }
                            return 0;
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
      Map<String, String> shown = new TreeMap<>();
      show(tree, "", shown);
      assertEquals(hostPicture(), shown);
      assertTrue(shown.size() > 10, shown::toString);
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder();
    int depth = 1 + random.nextInt(3);
    for (int i = 0; i < depth; i++) {
      path.append('/').append((char) ('a' + random.nextInt(6)));
    }
    return path.toString();
  }

  private static void step(Tree tree, Random random) throws ErrnoException {
    String path = path(random);
    String other = path(random);
    try {
      switch (random.nextInt(13)) {
        case 0, 1 -> tree.mkdir(path);
        case 2, 3 -> tree.write(path, path.repeat(random.nextInt(3)));
        case 4 -> tree.unlink(path);
        case 5 -> tree.rmdir(path);
        case 6 -> tree.rename(path, other, 0);
        case 7 -> tree.rename(path, other, random.nextBoolean() ? Rename.EXCHANGE : 1);
        case 8 -> Names.link(tree.find(path), tree.walk(), other);
        case 9 -> tree.symlink(other, path);
        case 10 -> tree.list(path);
        case 11 -> tree.chmod(path, 0700 | random.nextInt(64));
        default -> keepOpen(tree, path, other);
      }
    } catch (ErrnoException e) {
      if (!EXPECTED.contains(e.errno())) {
        throw e;
      }
    }
  }

  private static void keepOpen(Tree tree, String path, String other) throws ErrnoException {
    try (FileDescription file = tree.open(path, OpenFlags.RDWR | OpenFlags.CREAT)) {
      assertEquals(4, Tree.write(file, "open", 0));
      try {
        tree.rename(path, other, 0);
      } finally {
        assertEquals(1, Tree.write(file, "!", 4));
        assertTrue(file.attributes().size() >= 5 || file.attributes().links() > 0);
      }
    }
  }

  private static void show(Tree tree, String directory, Map<String, String> into)
      throws ErrnoException {
    for (String name : tree.list(directory.isEmpty() ? "/" : directory)) {
      String path = directory + "/" + name;
      Location found = tree.walk().find(path, false);
      Attributes a = found.inode().attributes();
      String what =
          switch (a.type()) {
            case Attributes.DIRECTORY -> "";
            case Attributes.SYMLINK -> found.inode().readlink();
            default -> a.links() + " " + a.size() + " " + tree.read(path);
          };
      into.put(path, Integer.toOctalString(a.mode()) + " " + what);
      if (a.isDirectory()) {
        show(tree, path, into);
      }
    }
  }

  private Map<String, String> hostPicture() throws Exception {
    Map<String, String> picture = new TreeMap<>();
    try (Stream<Path> all = Files.walk(host)) {
      for (Path path : (Iterable<Path>) all.skip(1)::iterator) {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        String what = "";
        if (Files.isSymbolicLink(path)) {
          what = Files.readSymbolicLink(path).toString();
        } else if (Files.isRegularFile(path)) {
          String text = Files.readString(path);
          what = Files.getAttribute(path, "unix:nlink") + " " + text.length() + " " + text;
        }
        picture.put("/" + host.relativize(path), Integer.toOctalString(mode) + " " + what);
      }
    }
    return picture;
  }
}
