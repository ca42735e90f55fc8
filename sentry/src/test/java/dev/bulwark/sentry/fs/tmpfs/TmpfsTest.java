package dev.bulwark.sentry.fs.tmpfs;

import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Tree;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TmpfsTest {
  private static final int CREATE = OpenFlags.RDWR | OpenFlags.CREAT;
  private final Tree tree = new Tree(new Tmpfs(8 << 20, 0755, 0, 0));

  private long used() throws ErrnoException {
    return tree.root.statfs().blocks() - tree.root.statfs().free();
  }

  private static Inode inode(FileDescription file) {
    return ((InodeFile) file).inode();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4096, 1 << 20})
  void holesReadAsZeroesAndAreFound(long base) throws ErrnoException {
    try (FileDescription file = tree.open("/f", CREATE)) {
      Tree.write(file, "abc", base + 8192);
      assertEquals(base + 8195, file.attributes().size());
      assertEquals("\0\0abc", Tree.read(file, 100, base + 8190));
      assertEquals(8, file.attributes().blocks());
      assertEquals(base + 8192, file.seek(0, InodeFile.SEEK_DATA));
      assertEquals(0, file.seek(0, InodeFile.SEEK_HOLE));
      assertEquals(base + 8195, file.seek(base + 8192, InodeFile.SEEK_HOLE));
      assertEquals(-Errno.ENXIO, file.seek(base + 8195, InodeFile.SEEK_DATA));
    }
    tree.unlink("/f");
    assertEquals(0, used());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 20})
  void whatIsCutOffReadsAsZeroLater(long base) throws ErrnoException {
    try (FileDescription file = tree.open("/f", CREATE)) {
      Tree.write(file, "x".repeat(10000), base);
      inode(file).setAttributes(dev.bulwark.sentry.vfs.AttributeChange.ofSize(base + 5));
      assertEquals(1, used());
      inode(file).setAttributes(dev.bulwark.sentry.vfs.AttributeChange.ofSize(base + 9000));
      assertEquals("xxxxx\0\0", Tree.read(file, 7, base));
      assertEquals("\0", Tree.read(file, 10, base + 8999));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 2 << 20})
  void allocationAndPunching(long base) throws ErrnoException {
    try (FileDescription file = tree.open("/f", CREATE)) {
      Inode inode = inode(file);
      inode.allocate(0, base, 10000);
      assertEquals(base + 10000, file.attributes().size());
      assertEquals(3, used());
      inode.allocate(1, base + 10000, 10000);
      assertEquals(base + 10000, file.attributes().size());
      Tree.write(file, "x".repeat(10000), base);
      inode.allocate(3, base + 100, 8192);
      assertEquals("x\0", Tree.read(file, 2, base + 99));
      assertEquals("\0x", Tree.read(file, 2, base + 8291));
      fails(Errno.EOPNOTSUPP, () -> inode.allocate(0x10, 0, 10));
      fails(Errno.ENOSPC, () -> inode.allocate(0, base, 9 << 20));
    }
  }

  @Test
  void fullFileSystemTakesWhatFitsAndThenNothing() throws ErrnoException {
    Tree small = new Tree(new Tmpfs(3 * 4096, 0755, 0, 0));
    try (FileDescription file = small.open("/f", CREATE)) {
      assertEquals(3 * 4096, Tree.write(file, "x".repeat(20000), 0));
      assertEquals(-Errno.ENOSPC, Tree.write(file, "x", 3 * 4096));
      assertEquals(1, Tree.write(file, "y", 0));
    }
    small.unlink("/f");
    small.write("/g", "x".repeat(3 * 4096));
  }

  @Test
  void smallFileMovesToAMemoryFileOfItsOwnWhenMapped() throws ErrnoException {
    try (FileDescription file = tree.open("/f", CREATE)) {
      Tree.write(file, "before", 0);
      Mappable mappable = file.mappable();
      mappable.mapped(1);
      int writable = mappable.hostFd(true);
      int readable = mappable.hostFd(false);
      assertNotEquals(writable, readable);
      Tree.write(file, "after!", 0);
      assertEquals("after!", Tree.read(file, 10, 0));
      assertEquals("/f", mappable.mapsName());
      assertEquals(file.attributes().inode(), mappable.mapsIdentity()[1]);
      tree.unlink("/f");
      mappable.mapped(-1);
      assertEquals("after!", Tree.read(file, 10, 0));
    }
    assertEquals(0, used());
  }

  @Test
  void mappingKeepsARemovedFile() throws ErrnoException {
    Mappable mappable;
    try (FileDescription file = tree.open("/f", CREATE)) {
      Tree.write(file, "kept", 0);
      mappable = file.mappable();
      mappable.mapped(1);
    }
    tree.unlink("/f");
    assertEquals(1, used());
    mappable.mapped(-1);
    assertEquals(0, used());
  }

  @Test
  void inodesAreLimited() throws ErrnoException {
    Tmpfs few = Tmpfs.mount("nr_inodes=3,size=1m,mode=700", 1 << 20);
    Tree small = new Tree(few);
    small.write("/a", "");
    small.mkdir("/b");
    fails(Errno.ENOSPC, () -> small.mkdir("/c"));
    small.rmdir("/b");
    small.mkdir("/c");
    assertEquals(0700, small.stat("/").mode() & 07777);
    assertEquals(",size=1024k,nr_inodes=3,mode=700", few.options());
  }

  @Test
  void optionsAreChecked() {
    for (String bad : List.of("size=x", "nope", "size=-1", "mode=9", "size=200%")) {
      fails(Errno.EINVAL, () -> Tmpfs.mount(bad, 1 << 20));
    }
  }

  @Test
  void attributesExtendedAreKept() throws ErrnoException {
    tree.write("/f", "");
    Inode inode = tree.find("/f").inode();
    inode.setXattr("user.a", new byte[] {1, 2}, 0);
    assertArrayEquals(new byte[] {1, 2}, inode.getXattr("user.a"));
    fails(Errno.EEXIST, () -> inode.setXattr("user.a", new byte[0], 1));
    fails(Errno.ENODATA, () -> inode.setXattr("user.b", new byte[0], 2));
    assertEquals(List.of("user.a"), inode.listXattr());
    inode.removeXattr("user.a");
    fails(Errno.ENODATA, () -> inode.getXattr("user.a"));
    fails(
        Errno.ENOSPC,
        () -> {
          for (int i = 0; i < 10; i++) {
            inode.setXattr("user." + i, new byte[65536], 0);
          }
        });
  }

  @Test
  void sealsHold() throws ErrnoException {
    Tmpfs fileSystem = new Tmpfs(1 << 20, 0755, 0, 0);
    TmpfsFile file =
        (TmpfsFile) fileSystem.nameless(new NewFile(Attributes.REGULAR | 0777, 0, 0), true);
    file.truncate(100);
    file.addSeals(Seals.SHRINK | Seals.GROW);
    fails(Errno.EPERM, () -> file.truncate(99));
    fails(Errno.EPERM, () -> file.truncate(101));
    file.hostFd(true);
    file.mapped(1);
    fails(Errno.EBUSY, () -> file.addSeals(Seals.WRITE));
    file.mapped(-1);
  }

  @Test
  void timesFollowWhatHappens() throws ErrnoException {
    tree.write("/f", "abc");
    Attributes before = tree.stat("/f");
    assertEquals("abc", tree.read("/f"));
    assertTrue(tree.stat("/f").accessed() >= before.accessed());
    tree.chmod("/f", 0600);
    Attributes after = tree.stat("/f");
    assertEquals(before.modified(), after.modified());
    assertTrue(after.changed() > before.changed());
    assertEquals(before.born(), after.born());
  }
}
