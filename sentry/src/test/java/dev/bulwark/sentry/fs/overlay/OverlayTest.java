package dev.bulwark.sentry.fs.overlay;

import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Rename;
import dev.bulwark.sentry.vfs.Tree;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverlayTest {
  private final Tree below = new Tree();
  private final Tmpfs store = new Tmpfs(8 << 20, 0755, 0, 0);
  private Tree tree = below;

  @BeforeEach
  void cover() throws ErrnoException {
    below.mkdir("/d");
    below.mkdir("/d/sub");
    below.write("/d/sub/deep", "deep");
    below.write("/f", "original");
    below.write("/g", "g");
    below.symlink("f", "/link");
    Names.link(below.find("/f"), below.walk(), "/twin");
    tree = new Tree(new OverlayFileSystem(below.root, store));
  }

  private long used() {
    return store.statfs().files() - store.statfs().freeFiles();
  }

  @Test
  void whatIsBelowShowsThroughWithItsNumbers() throws ErrnoException {
    assertEquals("original", tree.read("/link"));
    assertEquals("deep", tree.read("/d/sub/deep"));
    assertEquals(List.of("d", "f", "g", "link", "twin"), tree.list("/"));
    assertEquals(below.stat("/f").inode(), tree.stat("/f").inode());
    assertEquals(1, used());
  }

  @Test
  void changesStayAboveAndReachEveryNameAndReader() throws ErrnoException {
    long number = tree.stat("/f").inode();
    try (FileDescription reader = tree.open("/twin", OpenFlags.RDONLY)) {
      assertEquals("orig", Tree.read(reader, 4, -1));
      try (FileDescription writer = tree.open("/f", OpenFlags.RDWR)) {
        Tree.write(writer, "CHANGED!", 0);
      }
      assertEquals("GED!", Tree.read(reader, 4, -1));
    }
    assertEquals("CHANGED!", tree.read("/twin"));
    assertEquals("original", below.read("/f"));
    assertEquals(number, tree.stat("/f").inode());
    assertEquals(2, tree.stat("/f").links());
  }

  @Test
  void attributesChangeWithoutLosingContents() throws ErrnoException {
    Attributes before = tree.stat("/g");
    tree.chmod("/g", 0600);
    tree.find("/g").inode().setXattr("user.x", new byte[] {1}, 0);
    assertEquals(0600, tree.stat("/g").mode() & 07777);
    assertEquals(before.modified(), tree.stat("/g").modified());
    assertEquals("g", tree.read("/g"));
    assertArrayEquals(new byte[] {1}, tree.find("/g").inode().getXattr("user.x"));
    assertEquals(0644, below.stat("/g").mode() & 07777);
  }

  @Test
  void truncationOnOpenDoesNotNeedTheContents() throws ErrnoException {
    tree.write("/g", "new");
    assertEquals("new", tree.read("/g"));
    tree.open("/f", OpenFlags.WRONLY | OpenFlags.TRUNC).close();
    assertEquals(0, tree.stat("/f").size());
    try (FileDescription file = tree.open("/d/sub/deep", OpenFlags.WRONLY | OpenFlags.APPEND)) {
      Tree.write(file, "er", -1);
    }
    assertEquals("deeper", tree.read("/d/sub/deep"));
  }

  @Test
  void removedNamesStayRemovedAndCanComeAgain() throws ErrnoException {
    tree.unlink("/g");
    fails(Errno.ENOENT, () -> tree.find("/g"));
    assertEquals(List.of("d", "f", "link", "twin"), tree.list("/"));
    tree.write("/g", "again");
    assertEquals("again", tree.read("/g"));
    tree.unlink("/g");
    fails(Errno.ENOENT, () -> tree.find("/g"));
    tree.mkdir("/g");
    assertEquals(List.of(), tree.list("/g"));
    assertEquals("g", below.read("/g"));
  }

  @Test
  void directoryMadeInPlaceOfARemovedOneIsEmpty() throws ErrnoException {
    fails(Errno.ENOTEMPTY, () -> tree.rmdir("/d"));
    tree.unlink("/d/sub/deep");
    tree.rmdir("/d/sub");
    tree.rmdir("/d");
    tree.mkdir("/d");
    assertEquals(List.of(), tree.list("/d"));
    fails(Errno.ENOENT, () -> tree.find("/d/sub"));
  }

  @Test
  void directoriesOfBelowMoveWithAllTheyHold() throws ErrnoException {
    tree.write("/d/new", "new");
    long number = tree.stat("/d").inode();
    tree.rename("/d", "/moved", 0);
    assertEquals("deep", tree.read("/moved/sub/deep"));
    assertEquals("new", tree.read("/moved/new"));
    assertEquals(number, tree.stat("/moved").inode());
    fails(Errno.ENOENT, () -> tree.find("/d"));
    tree.mkdir("/d");
    tree.rename("/moved/sub", "/d/sub", 0);
    assertEquals(List.of("new"), tree.list("/moved"));
    assertEquals("deep", tree.read("/d/sub/deep"));
    tree.rename("/d/sub", "/f", Rename.EXCHANGE);
    assertEquals("original", tree.read("/d/sub"));
    assertEquals("deep", tree.read("/f/deep"));
  }

  @Test
  void changesAreFoundAgainWhenTheirNameWasForgotten() throws ErrnoException {
    OverlayFileSystem overlay = (OverlayFileSystem) tree.root;
    tree.chmod("/g", 0600);
    tree.write("/d/new", "");
    for (String path : List.of("/g", "/d")) {
      assertSame(tree.find(path).inode(), overlay.show(below.find(path).dentry()));
    }
  }

  @Test
  void replacingAFileOfBelowHidesIt() throws ErrnoException {
    tree.write("/tmp", "tmp");
    tree.rename("/tmp", "/g", 0);
    assertEquals("tmp", tree.read("/g"));
    tree.unlink("/g");
    fails(Errno.ENOENT, () -> tree.find("/g"));
  }

  @Test
  void newNamesOfOldFilesShareThem() throws ErrnoException {
    Names.link(tree.find("/g"), tree.walk(), "/h");
    assertEquals(2, tree.stat("/g").links());
    tree.write("/h", "both");
    assertEquals("both", tree.read("/g"));
    tree.unlink("/g");
    assertEquals(1, tree.stat("/h").links());
  }

  @Test
  void removedFileLivesWhileItIsOpenAndIsGoneThen() throws ErrnoException {
    long before = used();
    try (FileDescription file = tree.open("/new", OpenFlags.RDWR | OpenFlags.CREAT)) {
      Tree.write(file, "x".repeat(5000), 0);
      tree.unlink("/new");
      assertEquals(0, file.attributes().links());
      assertEquals("x", Tree.read(file, 1, 4999));
    }
    assertEquals(before + 1, used()); // the copy of the root directory's attributes
    assertEquals(store.statfs().blocks(), store.statfs().free());
  }

  @Test
  void mappingsShowTheCopyWhenTheFileMayBeWritten() throws ErrnoException {
    try (FileDescription file = tree.open("/g", OpenFlags.RDWR)) {
      Mappable mappable = file.mappable();
      mappable.mapped(1);
      assertTrue(mappable.hostFd(true) >= 0);
      assertEquals("/g", mappable.mapsName());
      mappable.mapped(-1);
    }
    try (FileDescription file = tree.open("/f", OpenFlags.RDONLY)) {
      Mappable mappable = file.mappable();
      mappable.mapped(1);
      assertTrue(mappable.hostFd(false) >= 0);
      mappable.mapped(-1);
    }
  }

  @Test
  void fullStoreRefusesChangesAndHarmsNothing() throws ErrnoException {
    Tmpfs tiny = new Tmpfs(4096, 0755, 0, 0);
    below.write("/big", "x".repeat(9000));
    Tree full = new Tree(new OverlayFileSystem(below.root, tiny));
    try (FileDescription file = full.open("/big", OpenFlags.RDWR)) {
      assertEquals(-Errno.ENOSPC, Tree.write(file, "y", 0));
      assertEquals("x", Tree.read(file, 1, 8999));
    }
    full.chmod("/g", 0600);
    assertEquals("g", full.read("/g"));
  }
}
