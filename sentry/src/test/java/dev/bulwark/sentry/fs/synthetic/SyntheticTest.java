package dev.bulwark.sentry.fs.synthetic;

import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.DirectoryEntry;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opening;
import dev.bulwark.sentry.vfs.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SyntheticTest {
  private final TestSystem system = new TestSystem();
  private final Tree tree = new Tree(system);

  private static final class TestSystem extends SyntheticFileSystem {
    final FixedDirectory root = new FixedDirectory(this);
    int reads;
    boolean exists = true;
    String stored = "";

    @SuppressWarnings("this-escape") // only numbers are taken
    TestSystem() {
      super("test", 0x1234);
      root.put("counter", SyntheticFile.of(this, _ -> "read " + ++reads + "\n"));
      root.put("link", SyntheticLink.to(this, "counter"));
      root.put(
          "knob",
          new SyntheticFile(this, 0644, 0, 0) {
            @Override
            protected byte[] contents(Opening opening) {
              return new byte[0];
            }

            @Override
            protected void store(byte[] written, Opening opening) {
              stored = new String(written, java.nio.charset.StandardCharsets.ISO_8859_1);
            }
          });
      root.put("living", new Living());
    }

    private final class Living extends SyntheticDirectory {
      Living() {
        super(TestSystem.this, 0555, 0, 0);
      }

      @Override
      public @Nullable Inode lookup(String name) {
        if (!exists || !name.equals("one")) {
          return null;
        }
        return new SyntheticLink(TestSystem.this, 0777, 0, 0) {
          @Override
          protected boolean alive() {
            return exists;
          }

          @Override
          public String readlink() {
            return "x";
          }
        };
      }

      @Override
      protected List<DirectoryEntry> entries() {
        return exists ? List.of(new DirectoryEntry("one", 1, 0120000)) : List.of();
      }
    }

    @Override
    protected Inode root() {
      return root;
    }
  }

  @Test
  void contentsStayWhileReadOnAndAreNewFromTheBeginning() throws ErrnoException {
    try (FileDescription file = tree.open("/link", OpenFlags.RDONLY)) {
      assertEquals("read", Tree.read(file, 4, -1));
      assertEquals(" 1\n", Tree.read(file, 100, -1));
      assertEquals("", Tree.read(file, 100, -1));
      file.seek(0, 0);
      assertEquals("read 2\n", Tree.read(file, 100, -1));
    }
  }

  @Test
  void writesReachTheOwner() throws ErrnoException {
    tree.write("/knob", "5\n");
    assertEquals("5\n", system.stored);
    try (FileDescription file = tree.open("/knob", OpenFlags.WRONLY | OpenFlags.APPEND)) {
      Tree.write(file, "6", -1);
    }
    assertEquals("6", system.stored);
  }

  @Test
  void namesDieWithWhatTheyStandFor() throws ErrnoException {
    tree.walk().find("/living/one", false);
    assertEquals(List.of("one"), tree.list("/living"));
    system.exists = false;
    fails(Errno.ENOENT, () -> tree.walk().find("/living/one", false));
    assertEquals(List.of(), tree.list("/living"));
    system.exists = true;
    tree.walk().find("/living/one", false);
  }

  @Test
  void nothingCanBeMade() {
    fails(Errno.EACCES, () -> tree.write("/new", ""));
    fails(Errno.EPERM, () -> tree.mkdir("/new"));
    fails(Errno.EPERM, () -> tree.unlink("/counter"));
    fails(Errno.EPERM, () -> tree.chmod("/counter", 0777));
  }
}
