package dev.bulwark.sentry.fs.gofer;

import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.gofer.ServerLimits;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.sentry.mm.Mappable;
import dev.bulwark.sentry.vfs.AttributeChange;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.InodeFile;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Rename;
import dev.bulwark.sentry.vfs.Tree;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GoferSystemTest {
  private static final int CREATE = OpenFlags.RDWR | OpenFlags.CREAT;
  private static final int F_GETFL = 3;

  @TempDir private Path host;
  private LiveGofer gofer;
  private Tree tree;

  @BeforeEach
  void serve() throws Exception {
    Files.createDirectories(host.resolve("a/b"));
    Files.writeString(host.resolve("a/b/file"), "content");
    gofer = LiveGofer.writable(host);
    tree = new Tree(gofer.system);
  }

  @AfterEach
  void stop() {
    gofer.close();
  }

  @Test
  void hostFilesAreReadAndWritten() throws Exception {
    assertEquals("content", tree.read("/a/b/file"));
    tree.write("/a/b/file", "more content");
    assertEquals("more content", Files.readString(host.resolve("a/b/file")));
    tree.write("/new", "made here");
    assertEquals("made here", Files.readString(host.resolve("new")));
    assertEquals(9, tree.stat("/new").size());
    try (FileDescription file = tree.open("/new", OpenFlags.WRONLY | OpenFlags.APPEND)) {
      assertEquals(1, Tree.write(file, "!", -1));
      assertEquals(10, file.position());
    }
    assertEquals("made here!", tree.read("/new"));
  }

  @Test
  void cachedPathNeedsNoGofer() throws Exception {
    assertEquals("content", tree.read("/a/b/file"));
    fails(Errno.ENOENT, () -> tree.stat("/a/b/none"));
    tree.symlink("a/b", "/link");
    tree.stat("/link/file");
    long before = gofer.client.messages();
    for (int i = 0; i < 3; i++) {
      assertEquals("content", tree.read("/a/b/file"));
      assertEquals(7, tree.stat("/link/file").size());
      fails(Errno.ENOENT, () -> tree.stat("/a/b/none"));
    }
    assertEquals(before, gofer.client.messages());
    gofer.kill();
    assertEquals("content", tree.read("/a/b/file"));
  }

  @Test
  void wholePathIsLookedUpAtOnce() throws Exception {
    Files.createDirectories(host.resolve("x/y/z"));
    Files.createFile(host.resolve("x/y/z/f"));
    long before = gofer.client.messages();
    tree.stat("/x/y//z/f");
    fails(Errno.ENOENT, () -> tree.stat("/a/none/c/d"));
    tree.stat("/x/y/../y/z/f");
    assertEquals(before + 2, gofer.client.messages());
    tree.mkdir("/a/none");
    fails(Errno.ENOENT, () -> tree.stat("/a/none/c"));
    tree.mkdir("/a/none/c");
    tree.stat("/a/none/c");
  }

  @Test
  void whatWasLookedUpAheadIsForgottenWhenItChanges() throws Exception {
    fails(Errno.ENOENT, () -> tree.stat("/a/b/none/x"));
    tree.write("/a/b/none", "made");
    assertEquals("made", tree.read("/a/b/none"));
    tree.open("/a/b/file", OpenFlags.RDONLY).close();
    tree.unlink("/a/b/file");
    fails(Errno.ENOENT, () -> tree.stat("/a/b/file"));
  }

  @Test
  void writingAndCreatingCostsNoQuestions() throws Exception {
    tree.stat("/a");
    long before = gofer.client.messages();
    try (FileDescription file = tree.open("/a/new", CREATE)) {
      Tree.write(file, "some text", -1);
      assertEquals(9, file.attributes().size());
      assertEquals(9, tree.stat("/a/new").size());
      assertNotEquals(0, tree.stat("/a/new").blocks());
    }
    tree.open("/a/new", OpenFlags.WRONLY | OpenFlags.TRUNC).close();
    assertEquals(0, tree.stat("/a/new").size());
    tree.stat("/a");
    assertEquals(before + 2, gofer.client.messages()); // one to look, one to make
  }

  @Test
  void deathOfTheGoferIsAnInputOutputError() {
    gofer.kill();
    fails(Errno.EIO, () -> tree.stat("/a"));
    fails(Errno.EIO, () -> tree.write("/x", "y"));
  }

  @Test
  void namesComeGoAndMove() throws Exception {
    tree.mkdir("/d");
    tree.write("/d/f", "1");
    tree.symlink("f", "/d/l");
    assertEquals("1", tree.read("/d/l"));
    Names.link(tree.find("/d/f"), tree.walk(), "/hard");
    assertEquals(2, tree.stat("/d/f").links());
    assertSame(tree.find("/d/f").inode(), tree.find("/hard").inode());
    assertEquals(List.of("f", "l"), tree.list("/d"));
    assertEquals(3 + 1, tree.stat("/").links());
    tree.rename("/d", "/e", 0);
    fails(Errno.ENOENT, () -> tree.stat("/d"));
    assertEquals("1", tree.read("/e/f"));
    tree.rename("/e/f", "/a/b/file", 0);
    assertEquals("1", Files.readString(host.resolve("a/b/file")));
    tree.rename("/e", "/a", Rename.EXCHANGE);
    assertEquals("1", tree.read("/e/b/file"));
    assertEquals(List.of("l"), tree.list("/a"));
    tree.unlink("/hard");
    assertEquals(1, tree.stat("/e/b/file").links());
    fails(Errno.ENOTEMPTY, () -> tree.rmdir("/e"));
    tree.unlink("/a/l");
    tree.rmdir("/a");
    assertTrue(Files.notExists(host.resolve("a")));
    assertEquals(List.of("e"), tree.list("/"));
  }

  @Test
  void newFilesBelongToTheirMakersExactly() throws Exception {
    tree.chmod("/", 0755);
    tree.chmod("/a", 02777);
    tree.chown("/a", 0, 50);
    tree.who = Tree.USER;
    tree.open("/a/mine", CREATE, 0666).close();
    Attributes mine = tree.stat("/a/mine");
    assertEquals(Attributes.REGULAR | 0666, mine.mode());
    assertEquals(1000, mine.uid());
    assertEquals(50, mine.gid());
    assertEquals(1000, Files.getAttribute(host.resolve("a/mine"), "unix:uid"));
    Names.mkdir(tree.walk(), "/a/dir", 0700);
    assertEquals(Attributes.DIRECTORY | 02700, tree.stat("/a/dir").mode());
    tree.who = Tree.OTHER;
    fails(Errno.EACCES, () -> tree.stat("/a/dir/x"));
    fails(Errno.EACCES, () -> tree.open("/a/dir", OpenFlags.RDONLY));
  }

  @Test
  void attributesChangeHereAndOnTheHost() throws Exception {
    Inode file = tree.find("/a/b/file").inode();
    file.setAttributes(
        new AttributeChange(
            AttributeChange.ACCESSED | AttributeChange.MODIFIED | AttributeChange.SIZE,
            0,
            0,
            0,
            100,
            5_000_000_001L,
            6_000_000_002L));
    assertEquals(100, file.size());
    assertEquals(6_000_000_002L, tree.stat("/a/b/file").modified());
    tree.chmod("/a/b/file", 0640);
    assertEquals(
        "rw-r-----",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(host.resolve("a/b/file"))));
    assertEquals(100, Files.size(host.resolve("a/b/file")));
    try (FileDescription open = tree.open("/a/b/file", OpenFlags.WRONLY)) {
      Tree.write(open, "x", 0);
      assertTrue(open.attributes().modified() > 6_000_000_002L);
    }
  }

  @Test
  void removedFileLivesWhileItIsOpenAndNoLonger() throws Exception {
    int before = gofer.system.inodeCount();
    try (FileDescription file = tree.open("/temporary", CREATE)) {
      Tree.write(file, "still here", -1);
      tree.unlink("/temporary");
      assertTrue(Files.notExists(host.resolve("temporary")));
      assertEquals("still here", Tree.read(file, 100, 0));
      assertEquals(0, file.attributes().links());
      Tree.write(file, "!", 10);
      assertEquals(11, file.attributes().size());
      assertEquals(before + 1, gofer.system.inodeCount());
    }
    assertEquals(before, gofer.system.inodeCount());
    assertEquals(0, gofer.budget.size());
  }

  @Test
  void namelessFileCanGetAName() throws Exception {
    try (FileDescription file = tree.open("/a", OpenFlags.RDWR | OpenFlags.TMPFILE)) {
      Tree.write(file, "hidden", -1);
      Names.link(file.location(), tree.walk(), "/a/named");
      assertEquals(1, file.attributes().links());
    }
    assertEquals("hidden", tree.read("/a/named"));
  }

  @Test
  void fewDescriptorsServeManyFiles() throws Exception {
    try (LiveGofer small = new LiveGofer(host, false, new ServerLimits(500, 16), 5)) {
      Tree files = new Tree(small.system);
      List<FileDescription> open = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        FileDescription file = files.open("/f" + i, CREATE);
        open.add(file);
        Tree.write(file, "file " + i, -1);
        if (i % 4 == 0) {
          files.unlink("/f" + i);
        }
      }
      for (int i = 0; i < 40; i++) {
        assertEquals("file " + i, Tree.read(open.get(i), 100, 0));
        assertTrue(small.budget.size() <= 5);
      }
      open.forEach(FileDescription::close);
    }
  }

  @Test
  void mappingsGetWhatTheyMayDoAndKeepIt() throws Exception {
    try (LiveGofer small = new LiveGofer(host, false, ServerLimits.DEFAULT, 3)) {
      Tree files = new Tree(small.system);
      try (FileDescription file = files.open("/a/b/file", OpenFlags.RDWR)) {
        Mappable mapped = file.mappable();
        int reading = mapped.hostFd(false);
        mapped.mapped(1);
        int writing = mapped.hostFd(true);
        assertEquals(OpenFlags.RDONLY, accessMode(reading));
        assertEquals(OpenFlags.RDWR, accessMode(writing));
        for (int i = 0; i < 5; i++) {
          files.write("/other" + i, "x");
        }
        assertEquals(reading, mapped.hostFd(false));
        assertEquals(OpenFlags.RDONLY, accessMode(reading));
        try (FileDescription other = files.open("/other0", OpenFlags.RDONLY)) {
          other.mappable().hostFd(false);
          fails(Errno.ENFILE, () -> files.read("/other1"));
          other.mappable().mapped(1);
          other.mappable().mapped(-1);
        }
        assertEquals("x", files.read("/other1"));
        mapped.mapped(-1);
      }
      assertEquals("/a/b/file", files.open("/a/b/file", 0).mappable().mapsName());
    }
  }

  private static long accessMode(int fd) {
    return HostCall.call(Sys.FCNTL, fd, F_GETFL) & OpenFlags.ACCESS_MODE;
  }

  @Test
  void largeDirectoryIsListedOnceWhateverComesBetween() throws Exception {
    Set<String> expected = new TreeSet<>();
    Path many = Files.createDirectory(host.resolve("many"));
    for (int i = 0; i < 3000; i++) {
      Files.createFile(many.resolve("name" + i));
      expected.add("name" + i);
    }
    Set<String> found = new HashSet<>();
    try (FileDescription directory = tree.open("/many", OpenFlags.RDONLY)) {
      int before;
      do {
        before = found.size();
        int[] room = {100};
        List<String> part = new ArrayList<>();
        directory.readDirectory(
            (name, _, type, _) -> {
              if (room[0]-- == 0) {
                return false;
              }
              assertEquals(name.startsWith(".") ? Attributes.DIRECTORY : Attributes.REGULAR, type);
              part.add(name);
              return true;
            });
        for (String name : part) {
          assertTrue(found.add(name));
          if (name.endsWith("7")) {
            tree.unlink("/many/" + name);
          } else if (!name.startsWith(".")) {
            assertEquals(0, tree.stat("/many/" + name).size());
          }
        }
      } while (found.size() > before);
    }
    found.removeAll(List.of(".", ".."));
    assertEquals(expected, new TreeSet<>(found));
    assertEquals(2700, tree.list("/many").size());
  }

  @Test
  void whoAsksForOneOfAListingGetsTheOthersToo() throws Exception {
    for (int i = 0; i < 200; i++) {
      Files.createFile(host.resolve("a/f" + i));
    }
    for (int round = 0; round < 2; round++) {
      List<String> names = tree.list("/a");
      long before = gofer.client.messages();
      for (String name : names) {
        tree.stat("/a/" + name);
      }
      assertEquals(round == 0 ? before + 1 : before, gofer.client.messages());
    }
  }

  @Test
  void aLargeDirectoryIsLookedUpInFewMessages() throws Exception {
    int files = 20_000;
    for (int i = 0; i < files; i++) {
      Files.createFile(host.resolve("a/name" + i));
    }
    long before = gofer.client.messages();
    try (FileDescription directory = tree.open("/a", OpenFlags.RDONLY | OpenFlags.DIRECTORY)) {
      int[] room = new int[1];
      List<String> names = new ArrayList<>();
      int seen = 0;
      do {
        room[0] = 1000;
        names.clear();
        directory.readDirectory((name, _, _, _) -> room[0]-- > 0 && names.add(name));
        for (String name : names) {
          tree.find("/a/" + name);
        }
        seen += names.size();
      } while (!names.isEmpty());
      assertTrue(seen >= files, () -> "too few");
    }
    assertTrue(gofer.client.messages() - before < files / 50, () -> "too many messages");
  }

  @Test
  void nodesThatNobodyUsesGoBack() throws Exception {
    for (int i = 0; i < 1000; i++) {
      Files.createFile(host.resolve("a/f" + i));
    }
    try (LiveGofer small = new LiveGofer(host, false, new ServerLimits(300, 16), 5)) {
      Inode directory = new Tree(small.system).find("/a").inode();
      for (int i = 0; i < 1000; i++) {
        Inode found = directory.lookup("f" + i);
        assertTrue(found != null && found.isRegular());
      }
    }
  }

  @Test
  void specialFilesAreOnlyNames() throws Exception {
    Names.mknod(tree.walk(), "/fifo", Attributes.FIFO | 0600, 0);
    Names.mknod(tree.walk(), "/socket", Attributes.SOCKET | 0600, 0);
    fails(Errno.EPERM, () -> Names.mknod(tree.walk(), "/disk", Attributes.BLOCK | 0600, 0x801));
    Object pipe = new Object();
    tree.find("/fifo").inode().setEndpoint(pipe);
    assertSame(pipe, tree.find("/fifo").inode().endpoint());
    assertEquals(Attributes.SOCKET, tree.stat("/socket").type());
    fails(Errno.ENXIO, () -> tree.open("/socket", OpenFlags.RDONLY));
    assertTrue(Files.exists(host.resolve("fifo"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void holesAreMadeAndFound() throws Exception {
    try (FileDescription file = tree.open("/sparse", CREATE)) {
      Inode inode = ((InodeFile) file).inode();
      Tree.write(file, "x", 1 << 20);
      assertEquals(1 << 20, file.seek(0, InodeFile.SEEK_DATA));
      inode.allocate(0, 0, 2 << 20);
      assertEquals(2 << 20, inode.size());
      inode.allocate(3, 0, 4096);
      assertEquals(2 << 20, inode.size());
      assertEquals("\0x", Tree.read(file, 2, (1 << 20) - 1));
      fails(Errno.EOPNOTSUPP, () -> inode.allocate(0x100, 0, 1));
      inode.sync(false);
      inode.sync(true);
    }
  }

  @Test
  void extendedAttributes() throws Exception {
    Inode file = tree.find("/a/b/file").inode();
    fails(Errno.ENODATA, () -> file.getXattr("security.capability"));
    long before = gofer.client.messages();
    fails(Errno.ENODATA, () -> file.getXattr("security.capability"));
    fails(Errno.EOPNOTSUPP, () -> file.getXattr("system.posix_acl_access"));
    assertEquals(before, gofer.client.messages());
    file.setXattr("user.k", new byte[] {1, 2, 3}, 0);
    assertArrayEquals(new byte[] {1, 2, 3}, file.getXattr("user.k"));
    assertEquals(List.of("user.k"), file.listXattr());
    file.removeXattr("user.k");
    assertEquals(List.of(), file.listXattr());
  }

  @Test
  void readOnlyRootIsAReadOnlyFileSystem() throws Exception {
    try (LiveGofer readOnly = new LiveGofer(host, true, ServerLimits.DEFAULT, 10)) {
      Tree files = new Tree(readOnly.system);
      assertTrue(readOnly.system.readOnly());
      assertEquals("content", files.read("/a/b/file"));
      fails(Errno.EROFS, () -> files.open("/a/b/file", OpenFlags.WRONLY));
      fails(Errno.EROFS, () -> files.write("/x", "y"));
      fails(Errno.EROFS, () -> files.find("/a").inode().link("x", files.find("/a/b/file").inode()));
    }
  }

  @Test
  void figuresAreThoseOfTheHost() throws Exception {
    assertEquals(Files.getFileStore(host).getBlockSize(), tree.root.statfs().blockSize());
    tree.root.sync();
    Attributes root = tree.stat("/");
    assertEquals(gofer.system.device(), root.device());
    tree.find("/a").inode().sync(false);
  }
}
