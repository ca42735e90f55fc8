package dev.bulwark.sentry.vfs;

import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NamesTest {
  private final Tree tree = new Tree();

  @BeforeEach
  void plant() throws ErrnoException {
    tree.mkdir("/d");
    tree.mkdir("/e");
    tree.write("/f", "f");
    tree.write("/g", "g");
  }

  @Test
  void namesThatAreTakenOrImpossible() {
    fails(Errno.EEXIST, () -> tree.mkdir("/d"));
    fails(Errno.EEXIST, () -> tree.mkdir("/"));
    fails(Errno.EEXIST, () -> tree.mkdir("/d/.."));
    fails(Errno.ENOENT, () -> tree.symlink("x", "/new/"));
    fails(Errno.EISDIR, () -> tree.unlink("/d"));
    fails(Errno.ENOTDIR, () -> tree.unlink("/f/"));
    fails(Errno.ENOTDIR, () -> tree.rmdir("/f"));
    fails(Errno.EINVAL, () -> tree.rmdir("/d/."));
    fails(Errno.ENOTEMPTY, () -> tree.rmdir("/d/.."));
    fails(Errno.EBUSY, () -> tree.rmdir("/"));
    fails(Errno.ENOENT, () -> tree.unlink("/none"));
  }

  @Test
  void directoryMustBeEmptyToGo() throws ErrnoException {
    tree.write("/d/x", "");
    fails(Errno.ENOTEMPTY, () -> tree.rmdir("/d"));
    tree.unlink("/d/x");
    tree.rmdir("/d");
    assertEquals(List.of("e", "f", "g"), tree.list("/"));
  }

  @Test
  void nothingCanBeMadeInARemovedDirectory() throws ErrnoException {
    tree.fs.setCwd(tree.find("/d"));
    tree.rmdir("/d");
    fails(Errno.ENOENT, () -> tree.mkdir("new"));
    fails(Errno.ENOENT, () -> tree.write("new", ""));
  }

  @Test
  void linkCountsFollowNamesAndSubdirectories() throws ErrnoException {
    assertEquals(2, tree.stat("/d").links());
    tree.mkdir("/d/sub");
    assertEquals(3, tree.stat("/d").links());
    Names.link(tree.find("/f"), tree.walk(), "/d/f2");
    assertEquals(2, tree.stat("/f").links());
    tree.unlink("/f");
    assertEquals(1, tree.stat("/d/f2").links());
    assertEquals("f", tree.read("/d/f2"));
    fails(Errno.EPERM, () -> Names.link(tree.find("/d"), tree.walk(), "/d2"));
    fails(Errno.EEXIST, () -> Names.link(tree.find("/g"), tree.walk(), "/d/f2"));
  }

  @Test
  void renameReplacesFilesAndEmptyDirectories() throws ErrnoException {
    tree.rename("/f", "/g", 0);
    assertEquals("f", tree.read("/g"));
    tree.write("/d/x", "x");
    tree.rename("/d", "/e", 0);
    assertEquals("x", tree.read("/e/x"));
    tree.mkdir("/empty");
    fails(Errno.ENOTEMPTY, () -> tree.rename("/empty", "/e", 0));
    fails(Errno.EISDIR, () -> tree.rename("/g", "/empty", 0));
    fails(Errno.ENOTDIR, () -> tree.rename("/empty", "/g", 0));
    fails(Errno.ENOTDIR, () -> tree.rename("/g", "/h/", 0));
    assertEquals(List.of("e", "empty", "g"), tree.list("/"));
  }

  @Test
  void directoryCannotMoveBelowItself() throws ErrnoException {
    tree.mkdir("/d/sub");
    fails(Errno.EINVAL, () -> tree.rename("/d", "/d/sub/d", 0));
    fails(Errno.ENOTEMPTY, () -> tree.rename("/d/sub", "/d", 0));
    fails(Errno.EBUSY, () -> tree.rename("/d/.", "/x", 0));
    tree.rename("/d/sub", "/sub", 0);
    assertEquals(2, tree.stat("/d").links());
    assertTrue(tree.find("/sub/..").same(tree.find("/")));
  }

  @Test
  void namesOfOneFileAreLeftAlone() throws ErrnoException {
    Names.link(tree.find("/f"), tree.walk(), "/f2");
    tree.rename("/f", "/f2", 0);
    assertEquals(List.of("d", "e", "f", "f2", "g"), tree.list("/"));
  }

  @Test
  void exchangeSwapsAndNoReplaceRefuses() throws ErrnoException {
    tree.write("/d/x", "x");
    tree.rename("/d", "/f", Rename.EXCHANGE);
    assertEquals("x", tree.read("/f/x"));
    assertEquals("f", tree.read("/d"));
    fails(Errno.EEXIST, () -> tree.rename("/d", "/g", Rename.NOREPLACE));
    fails(Errno.ENOENT, () -> tree.rename("/d", "/none", Rename.EXCHANGE));
    fails(Errno.EINVAL, () -> tree.rename("/d", "/g", Rename.EXCHANGE | Rename.NOREPLACE));
  }

  @Test
  void whiteoutTakesTheOldName() throws ErrnoException {
    tree.rename("/f", "/moved", Rename.WHITEOUT);
    Attributes whiteout = tree.stat("/f");
    assertEquals(Attributes.CHARACTER, whiteout.type());
    assertEquals(0, whiteout.special());
  }

  @Test
  void stickyDirectoryProtectsFilesOfOthers() throws ErrnoException {
    tree.chmod("/d", 01777);
    tree.who = Tree.USER;
    tree.write("/d/mine", "");
    tree.who = Tree.OTHER;
    fails(Errno.EPERM, () -> tree.unlink("/d/mine"));
    fails(Errno.EPERM, () -> tree.rename("/d/mine", "/d/yours", 0));
    fails(Errno.EACCES, () -> tree.unlink("/f"));
    tree.who = Tree.USER;
    tree.unlink("/d/mine");
  }

  @Test
  void setGroupIdDirectoryHandsItsGroupOn() throws ErrnoException {
    tree.chown("/d", 0, 77);
    tree.chmod("/d", 02777);
    tree.who = Tree.USER;
    tree.write("/d/file", "");
    tree.mkdir("/d/sub");
    assertEquals(77, tree.stat("/d/file").gid());
    assertEquals(1000, tree.stat("/d/file").uid());
    assertEquals(02755, tree.stat("/d/sub").mode() & 07777);
  }

  @Test
  void readOnlyMountRefusesChanges() throws ErrnoException {
    tree.mounts.change(tree.mounts.rootMount(), MountFlags.RDONLY, 0, false);
    fails(Errno.EROFS, () -> tree.mkdir("/new"));
    fails(Errno.EROFS, () -> tree.unlink("/f"));
    fails(Errno.EROFS, () -> tree.write("/f", "x"));
    fails(Errno.EROFS, () -> tree.write("/new", "x"));
    fails(Errno.EEXIST, () -> tree.mkdir("/d"));
    assertEquals("f", tree.read("/f"));
  }

  @Test
  void devicesNeedACapability() throws ErrnoException {
    tree.chmod("/d", 0777);
    tree.who = Tree.USER;
    int device = Attributes.CHARACTER | 0600;
    fails(Errno.EPERM, () -> Names.mknod(tree.walk(), "/d/null", device, DeviceNumber.of(1, 3)));
    Names.mknod(tree.walk(), "/d/fifo", Attributes.FIFO | 0600, 0);
    assertEquals(Attributes.FIFO, tree.stat("/d/fifo").type());
    fails(Errno.EINVAL, () -> Names.mknod(tree.walk(), "/d/x", Attributes.SYMLINK | 0600, 0));
  }

  @Test
  void listingGoesOnWhileNamesGo() throws ErrnoException {
    for (int i = 0; i < 100; i++) {
      tree.write("/d/" + i, "");
    }
    int removed = 0;
    try (FileDescription directory = tree.open("/d", OpenFlags.RDONLY)) {
      while (true) {
        String[] one = new String[1];
        directory.readDirectory(
            (name, _, _, _) -> {
              if (one[0] != null) {
                return false;
              }
              one[0] = name;
              return true;
            });
        if (one[0] == null) {
          break;
        }
        if (!one[0].startsWith(".")) {
          tree.unlink("/d/" + one[0]);
          removed++;
        }
      }
    }
    assertEquals(100, removed);
    tree.rmdir("/d");
  }
}
