package dev.bulwark.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPathTest {
  @TempDir private Path root;
  private int dir;

  @BeforeEach
  void open() {
    dir =
        (int)
            HostPath.openAt(
                HostPath.AT_FDCWD, root.toString(), HostPath.O_DIRECTORY | HostPath.O_CLOEXEC, 0);
    assertTrue(dir >= 0);
  }

  @AfterEach
  void close() {
    HostFile.close(dir);
  }

  @Test
  void statxTellsWhatTheHostKnows() throws Exception {
    Path file = Files.writeString(root.resolve("f"), "four");
    Statx stat = new Statx();
    assertEquals(0, stat.fill(dir, "f"));
    assertEquals(Statx.REGULAR, stat.type());
    assertEquals(4, stat.size());
    assertEquals(1, stat.links());
    assertEquals(Files.getAttribute(file, "unix:ino"), stat.inode());
    assertEquals(Files.getAttribute(file, "unix:dev"), stat.device());
    assertEquals(Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS), stat.modified());
    assertEquals(-Errno.ENOENT, stat.fill(dir, "g"));
    assertEquals(4, stat.size());
  }

  @Test
  void symbolicLinksAreNotFollowed() throws Exception {
    assertEquals(0, HostPath.symlinkAt("/etc/passwd", dir, "l"));
    Statx stat = new Statx();
    assertEquals(0, stat.fill(dir, "l"));
    assertEquals(Statx.SYMLINK, stat.type());
    assertEquals("/etc/passwd", HostPath.readlinkAt(dir, "l"));
    assertNull(HostPath.readlinkAt(dir, "none"));
    assertEquals(-Errno.ELOOP, HostPath.openAt2(dir, "l", 0, 0, HostPath.RESOLVE_NO_SYMLINKS));
    assertEquals(-Errno.EXDEV, HostPath.openAt2(dir, "..", 0, 0, HostPath.RESOLVE_BENEATH));
  }

  @Test
  void directoryIsListedInPieces() throws Exception {
    Set<String> expected = new TreeSet<>(Set.of(".", ".."));
    for (int i = 0; i < 200; i++) {
      Files.createFile(root.resolve("file" + i));
      expected.add("file" + i);
    }
    Set<String> found = new TreeSet<>();
    long position = 0;
    while (true) {
      List<Dirent> piece = new ArrayList<>();
      long n = HostFile.list(dir, position, 1024, piece);
      assertEquals(n > 0, !piece.isEmpty());
      if (n == 0) {
        break;
      }
      piece.forEach(entry -> assertTrue(found.add(entry.name())));
      position = piece.getLast().next();
    }
    assertEquals(expected, found);
  }

  @Test
  void timesOwnersAndModesChange() throws Exception {
    Files.createFile(root.resolve("f"));
    assertEquals(0, HostPath.chmodAt(dir, "f", 04711));
    assertEquals(0, HostPath.utimensAt(dir, "f", new long[] {5, 6}, new long[] {7, 8}, 0));
    Statx stat = new Statx();
    stat.fill(dir, "f");
    assertEquals(Statx.REGULAR | 04711, stat.mode());
    assertEquals(5_000_000_006L, stat.accessed());
    assertEquals(7_000_000_008L, stat.modified());
    assertEquals(0, HostPath.chownAt(dir, "f", -1, -1, 0));
  }

  @Test
  void extendedAttributesRoundTrip() throws Exception {
    int fd = (int) HostPath.openAt(dir, "f", HostPath.O_CREAT | HostPath.O_RDWR, 0600);
    byte[] value = {1, 0, 2};
    assertEquals(0, HostFile.setXattr(fd, "user.a", value, 0));
    assertEquals(0, HostFile.setXattr(fd, "user.empty", new byte[0], 0));
    byte[] read = new byte[3];
    assertEquals(3, HostFile.getXattr(fd, "user.a", read));
    assertArrayEquals(value, read);
    assertEquals(-Errno.ERANGE, HostFile.getXattr(fd, "user.a", new byte[2]));
    assertEquals(0, HostFile.getXattr(fd, "user.empty", new byte[0]));
    assertEquals(-Errno.ENODATA, HostFile.getXattr(fd, "user.b", read));
    List<String> names = HostFile.listXattr(fd);
    assertTrue(names != null && names.containsAll(List.of("user.a", "user.empty")));
    assertEquals(0, HostFile.removeXattr(fd, "user.a"));
    HostFile.close(fd);
  }

  @Test
  void nulInANameIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> HostPath.openAt(dir, "a\0b", 0, 0));
  }
}
