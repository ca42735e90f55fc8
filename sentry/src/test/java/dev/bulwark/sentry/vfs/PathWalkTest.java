package dev.bulwark.sentry.vfs;

import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PathWalkTest {
  private final Tree tree = new Tree();

  @BeforeEach
  void plant() throws ErrnoException {
    tree.mkdir("/a");
    tree.mkdir("/a/b");
    tree.write("/a/b/file", "contents");
    tree.symlink("b/file", "/a/relative");
    tree.symlink("/a/b", "/absolute");
  }

  private Location find(String base, String path, int resolve) throws ErrnoException {
    return tree.fs.walk(tree.find(base), tree.who, resolve).find(path, true);
  }

  @Test
  void slashesDotsAndLinksAreResolved() throws ErrnoException {
    Location file = tree.find("/a/b/file");
    for (String path :
        new String[] {
          "//a///b//file", "/a/./b/../b/file", "a/relative", "/absolute/file", "/../../a/b/file"
        }) {
      assertTrue(file.same(tree.find(path)), path);
    }
    assertEquals("/a/b/file", tree.fs.path(file));
  }

  @Test
  void whatIsMissingIsToldApart() {
    fails(Errno.ENOENT, () -> tree.find(""));
    fails(Errno.ENOENT, () -> tree.find("/a/none"));
    fails(Errno.ENOENT, () -> tree.find("/none/b"));
    fails(Errno.ENOTDIR, () -> tree.find("/a/b/file/x"));
    fails(Errno.ENOTDIR, () -> tree.find("/a/b/file/"));
    fails(Errno.ENOTDIR, () -> tree.find("/a/b/file/."));
    fails(Errno.ENOTDIR, () -> tree.find("/a/relative/"));
    fails(Errno.ENAMETOOLONG, () -> tree.find("/" + "x".repeat(256)));
    fails(Errno.ENOENT, () -> tree.find("/" + "x".repeat(255)));
  }

  @Test
  void lastLinkIsFollowedOnlyWhenAskedOrBeforeASlash() throws ErrnoException {
    assertTrue(tree.walk().find("/absolute", false).inode().isSymlink());
    assertTrue(tree.walk().find("/absolute/", false).inode().isDirectory());
  }

  @Test
  void fortyLinksAreFollowedAndNoMore() throws ErrnoException {
    tree.write("/link0", "end");
    for (int i = 1; i <= 41; i++) {
      tree.symlink("link" + (i - 1), "/link" + i);
    }
    assertEquals("end", tree.read("/link40"));
    fails(Errno.ELOOP, () -> tree.find("/link41"));
    tree.symlink("self", "/self");
    fails(Errno.ELOOP, () -> tree.find("/self"));
  }

  @Test
  void everyDirectoryMustBeSearchable() throws ErrnoException {
    tree.chmod("/a", 0700);
    tree.who = Tree.USER;
    fails(Errno.EACCES, () -> tree.find("/a/b"));
    fails(Errno.EACCES, () -> tree.find("/a/."));
    assertTrue(tree.find("/a").inode().isDirectory());
  }

  @Test
  void beneathRefusesEveryWayOut() throws ErrnoException {
    tree.symlink("../b", "/a/b/up");
    tree.symlink("../../a/b", "/a/b/out");
    tree.symlink("/a/b", "/a/b/absolute");
    int beneath = ResolveFlags.BENEATH;
    assertTrue(find("/a", "b/up/file", beneath).inode().isRegular());
    assertTrue(find("/a", "b/..", beneath).same(tree.find("/a")));
    fails(Errno.EXDEV, () -> find("/a", "b/out", beneath));
    fails(Errno.EXDEV, () -> find("/a", "b/absolute", beneath));
    fails(Errno.EXDEV, () -> find("/a", "..", beneath));
    fails(Errno.EXDEV, () -> find("/a", "/a", beneath));
  }

  @Test
  void inRootTakesTheStartForTheRoot() throws ErrnoException {
    tree.symlink("/b/file", "/a/scoped");
    int inRoot = ResolveFlags.IN_ROOT;
    assertTrue(find("/a", "scoped", inRoot).same(tree.find("/a/b/file")));
    assertTrue(find("/a", "/../../b", inRoot).same(tree.find("/a/b")));
  }

  @Test
  void linksCanBeForbidden() throws ErrnoException {
    fails(Errno.ELOOP, () -> find("/", "absolute/file", ResolveFlags.NO_SYMLINKS));
    assertTrue(find("/", "a/b/file", ResolveFlags.NO_SYMLINKS).inode().isRegular());
  }

  @Test
  void cachedAnswersOnlyWhatIsKnown() throws ErrnoException {
    assertTrue(find("/", "a/b", ResolveFlags.CACHED).inode().isDirectory());
    fails(Errno.EAGAIN, () -> find("/", "a/unknown", ResolveFlags.CACHED));
  }

  @Test
  void mountsAreCrossedBothWaysUnlessForbidden() throws ErrnoException {
    Tmpfs other = new Tmpfs(1 << 20, 0755, 0, 0);
    Mount mount = tree.mounts.mount(tree.find("/a/b"), other.rootDentry(), 0, "other");
    fails(Errno.ENOENT, () -> tree.find("/a/b/file"));
    tree.write("/a/b/inner", "x");
    assertEquals("/a/b/inner", tree.fs.path(tree.find("/a/b/inner")));
    assertTrue(tree.find("/a/b/..").same(tree.find("/a")));
    fails(Errno.EXDEV, () -> find("/a", "b", ResolveFlags.NO_XDEV));
    fails(Errno.EXDEV, () -> find("/a/b", "..", ResolveFlags.NO_XDEV));
    fails(Errno.EBUSY, () -> tree.rmdir("/a/b"));
    fails(Errno.EBUSY, () -> tree.rename("/a/b", "/c", 0));
    fails(Errno.EXDEV, () -> tree.rename("/a/b/inner", "/a/inner", 0));
    tree.mounts.unmount(mount, false);
    assertEquals("contents", tree.read("/a/b/file"));
  }

  @Test
  void changedRootHoldsAgainstDots() throws ErrnoException {
    tree.fs.setRoot(tree.find("/a"));
    assertTrue(tree.find("/../..").same(tree.find("/")));
    assertEquals("contents", tree.read("/b/file"));
    assertEquals("(unreachable)/", tree.fs.path(tree.fs.cwd()));
  }

  @Test
  void removedPlacesSaySo() throws ErrnoException {
    Location gone = tree.find("/a/b/file");
    tree.unlink("/a/b/file");
    assertEquals("/a/b/file (deleted)", tree.fs.path(gone));
    fails(Errno.ENOENT, () -> tree.find("/a/b/file"));
  }
}
