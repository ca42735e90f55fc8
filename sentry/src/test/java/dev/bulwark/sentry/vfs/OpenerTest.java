package dev.bulwark.sentry.vfs;

import static dev.bulwark.sentry.vfs.OpenFlags.APPEND;
import static dev.bulwark.sentry.vfs.OpenFlags.CREAT;
import static dev.bulwark.sentry.vfs.OpenFlags.DIRECTORY;
import static dev.bulwark.sentry.vfs.OpenFlags.EXCL;
import static dev.bulwark.sentry.vfs.OpenFlags.NOFOLLOW;
import static dev.bulwark.sentry.vfs.OpenFlags.PATH;
import static dev.bulwark.sentry.vfs.OpenFlags.RDONLY;
import static dev.bulwark.sentry.vfs.OpenFlags.RDWR;
import static dev.bulwark.sentry.vfs.OpenFlags.TMPFILE;
import static dev.bulwark.sentry.vfs.OpenFlags.TRUNC;
import static dev.bulwark.sentry.vfs.OpenFlags.WRONLY;
import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenerTest {
  private final Tree tree = new Tree();

  @BeforeEach
  void plant() throws ErrnoException {
    tree.mkdir("/d");
    tree.write("/f", "hello");
    tree.symlink("f", "/link");
    tree.symlink("new", "/dangling");
  }

  @Test
  void creationFollowsDanglingLinksUnlessExclusive() throws ErrnoException {
    fails(Errno.EEXIST, () -> tree.open("/dangling", WRONLY | CREAT | EXCL));
    fails(Errno.EEXIST, () -> tree.open("/f", WRONLY | CREAT | EXCL));
    fails(Errno.ELOOP, () -> tree.open("/dangling", WRONLY | CREAT | NOFOLLOW));
    tree.write("/dangling", "made");
    assertEquals("made", tree.read("/new"));
  }

  @Test
  void kindsThatDoNotFitAreRefused() {
    fails(Errno.EISDIR, () -> tree.open("/d", WRONLY));
    fails(Errno.EISDIR, () -> tree.open("/d", RDONLY | CREAT));
    fails(Errno.EISDIR, () -> tree.open("/x/", WRONLY | CREAT));
    fails(Errno.EISDIR, () -> tree.open("/d", RDONLY | TRUNC));
    fails(Errno.ENOTDIR, () -> tree.open("/f", RDONLY | DIRECTORY));
    fails(Errno.ELOOP, () -> tree.open("/link", RDONLY | NOFOLLOW));
    fails(Errno.ENOTDIR, () -> tree.open("/link", RDONLY | NOFOLLOW | DIRECTORY));
  }

  @Test
  void placesCanBeOpenedWithoutPermission() throws ErrnoException {
    tree.chmod("/f", 0);
    tree.who = Tree.USER;
    fails(Errno.EACCES, () -> tree.open("/f", RDONLY));
    try (FileDescription place = tree.open("/f", PATH);
        FileDescription link = tree.open("/link", PATH | NOFOLLOW)) {
      assertTrue(place.isPath());
      assertEquals(5, place.attributes().size());
      assertEquals(Attributes.SYMLINK, link.attributes().type());
      fails(Errno.EBADF, () -> Tree.read(place, 10, 0));
    }
  }

  @Test
  void newFileMayBeWrittenWhateverItsModeSays() throws ErrnoException {
    tree.chmod("/d", 0777);
    tree.who = Tree.USER;
    try (FileDescription file = tree.open("/d/ro", WRONLY | CREAT, 0400)) {
      assertEquals(1, Tree.write(file, "x", -1));
    }
    fails(Errno.EACCES, () -> tree.open("/d/ro", WRONLY));
  }

  @Test
  void truncationAndAppending() throws ErrnoException {
    try (FileDescription file = tree.open("/f", RDWR | APPEND)) {
      assertEquals(6, Tree.write(file, " world", -1));
      assertEquals(11, file.position());
      assertEquals(1, Tree.write(file, "!", 0));
      assertEquals("hello world!", Tree.read(file, 100, 0));
    }
    tree.open("/f", RDONLY | TRUNC).close();
    assertEquals("", tree.read("/f"));
  }

  @Test
  void writingTakesTheSetUserIdBitAway() throws ErrnoException {
    tree.chmod("/f", 06777);
    tree.who = Tree.USER;
    try (FileDescription file = tree.open("/f", WRONLY)) {
      assertEquals(1, Tree.write(file, "x", 0));
    }
    assertEquals(0777, tree.stat("/f").mode() & 07777);
  }

  @Test
  void namelessFileCanGetAName() throws ErrnoException {
    try (FileDescription file = tree.open("/d", RDWR | TMPFILE)) {
      Tree.write(file, "hidden", -1);
      assertEquals(0, file.attributes().links());
      Names.link(file.location(), tree.walk(), "/d/named");
      assertEquals(1, file.attributes().links());
    }
    assertEquals("hidden", tree.read("/d/named"));
  }

  @Test
  void removedFileLivesWhileItIsOpen() throws ErrnoException {
    try (FileDescription file = tree.open("/f", RDWR)) {
      tree.unlink("/f");
      assertEquals("hello", Tree.read(file, 10, 0));
      assertEquals("/f (deleted)", file.describe());
    }
  }
}
