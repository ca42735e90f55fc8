package dev.bulwark.sentry.vfs;

import static dev.bulwark.sentry.vfs.Tree.fails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What belongs to a mount, and how mounts are bound, moved, masked and protected. */
class MountsTest {
  private final Tree tree = new Tree();
  private final ContainerMounts mounts =
      new ContainerMounts(tree.mounts, () -> new Tmpfs(1 << 20, 0755, 0, 0));

  @BeforeEach
  void fill() throws ErrnoException {
    tree.mkdir("/a");
    tree.mkdir("/a/sub");
    tree.write("/a/f", "file");
    tree.mkdir("/b");
  }

  private static Tmpfs tmpfs() {
    return new Tmpfs(1 << 20, 0755, 0, 0);
  }

  @Test
  void aBindHasFlagsOfItsOwn() throws ErrnoException {
    mounts.bind(tree.find("/a"), "/b", MountFlags.RDONLY | MountFlags.NOEXEC, false);
    assertEquals("file", tree.read("/b/f"));
    fails(Errno.EROFS, () -> tree.write("/b/f", "x"));
    fails(Errno.EROFS, () -> tree.mkdir("/b/new"));
    fails(Errno.EROFS, () -> tree.unlink("/b/f"));
    tree.write("/a/f", "other");
    assertEquals("other", tree.read("/b/f"));
    Location program = tree.find("/b/f");
    fails(Errno.EACCES, () -> new Opener(tree.walk(), null).openProgram(program));
    mounts.remount("/b", 0, MountFlags.RDONLY, false);
    tree.write("/b/f", "again");
    assertTrue(tree.find("/b").mount().has(MountFlags.NOEXEC));
  }

  @Test
  void filesAreBoundToFilesAndMadeWhereMissing() throws ErrnoException {
    fails(Errno.ENOTDIR, () -> tree.mounts.bind(tree.find("/a/f"), tree.find("/b"), false));
    fails(Errno.ENOTDIR, () -> tree.mounts.bind(tree.find("/b"), tree.find("/a/f"), false));
    mounts.bind(tree.find("/a/f"), "/etc/new/hosts", 0, false);
    assertEquals("file", tree.read("/etc/new/hosts"));
    tree.write("/etc/new/hosts", "both");
    assertEquals("both", tree.read("/a/f"));
    fails(Errno.EBUSY, () -> tree.unlink("/etc/new/hosts"));
    tree.mounts.unmount(tree.find("/etc/new/hosts").mount(), false);
    assertEquals("", tree.read("/etc/new/hosts"));
  }

  @Test
  void linksOfAnImageDoNotLeadOut() throws ErrnoException {
    Tree inner = new Tree();
    inner.symlink("../../../a", "/escape");
    inner.mkdir("/a");
    ContainerMounts within = new ContainerMounts(inner.mounts, MountsTest::tmpfs);
    within.mount(tmpfs(), "/escape/deep", 0, "tmpfs");
    assertEquals(List.of("deep"), inner.list("/a"));
    inner.symlink("/nowhere", "/dangling");
    fails(Errno.EEXIST, () -> within.point("/dangling", true));
  }

  @Test
  void recursiveChangesReachWhatIsBelow() throws ErrnoException {
    mounts.mount(tmpfs(), "/a/sub", 0, "tmpfs");
    Mount bound = mounts.bind(tree.find("/a"), "/b", MountFlags.RDONLY, true);
    fails(Errno.EROFS, () -> tree.write("/b/f", "x"));
    tree.write("/b/sub/x", "not below");
    mounts.remount("/b", MountFlags.RDONLY, 0, true);
    fails(Errno.EROFS, () -> tree.write("/b/sub/x", "y"));
    tree.write("/a/sub/x", "the original is free");
    tree.mounts.unmount(bound, true);
    assertEquals(List.of(), tree.list("/b"));
  }

  @Test
  void whoWritesKeepsAMountFromBecomingReadOnly() throws ErrnoException {
    mounts.bind(tree.find("/a"), "/b", 0, false);
    try (FileDescription file = tree.open("/b/f", OpenFlags.WRONLY)) {
      fails(Errno.EBUSY, () -> mounts.remount("/b", MountFlags.RDONLY, 0, false));
      assertEquals(1, Tree.write(file, "x", 0));
    }
    mounts.remount("/b", MountFlags.RDONLY, 0, false);
  }

  @Test
  void masksAndProtects() throws ErrnoException {
    tree.mkdir("/dev");
    tree.write("/dev/null", "");
    Location device = tree.find("/dev/null");
    mounts.mask("/a/f", device);
    assertEquals("", tree.read("/a/f"));
    tree.write("/a/sub/secret", "x");
    mounts.mask("/a/sub", device);
    assertEquals(List.of(), tree.list("/a/sub"));
    fails(Errno.EROFS, () -> tree.mkdir("/a/sub/x"));
    mounts.mask("/missing", device);
    mounts.mask("/a/f/below", device);
    mounts.protect("/missing");
    mounts.mount(tmpfs(), "/b/tmp", 0, "tmpfs");
    mounts.protect("/b");
    fails(Errno.EROFS, () -> tree.mkdir("/b/x"));
    fails(Errno.EROFS, () -> tree.mkdir("/b/tmp/x"));
    tree.mkdir("/c");
  }

  @Test
  void propagationIsToldAndUnbindableIsNotBound() throws ErrnoException {
    Mount mount = mounts.mount(tmpfs(), "/b", 0, "tmpfs");
    mounts.propagate("/b", Propagation.UNBINDABLE, false);
    fails(Errno.EINVAL, () -> mounts.bind(tree.find("/b"), "/a/sub", 0, false));
    mounts.bind(tree.find("/"), "/c", 0, true);
    assertEquals(List.of(), tree.list("/c/b"));
    mounts.propagate("/b", Propagation.SHARED, false);
    assertEquals(Propagation.SHARED, mount.propagation());
    assertEquals(Propagation.PRIVATE, mounts.bind(tree.find("/b"), "/d", 0, false).propagation());
    Mount upon = mounts.mount(tmpfs(), "/b/x", 0, "tmpfs");
    fails(Errno.EINVAL, () -> tree.mounts.move(upon, tree.find("/a")));
  }

  @Test
  void linksAreNotFollowedWhereTheMountSaysSo() throws ErrnoException {
    tree.symlink("f", "/a/link");
    mounts.bind(tree.find("/a"), "/b", MountFlags.NOSYMFOLLOW, false);
    fails(Errno.ELOOP, () -> tree.read("/b/link"));
    assertEquals("f", tree.walk().find("/b/link", false).inode().readlink());
    assertEquals("file", tree.read("/a/link"));
  }

  @Test
  void rootIsPivoted() throws ErrnoException {
    Location old = tree.mounts.root();
    mounts.mount(tmpfs(), "/b", 0, "tmpfs");
    tree.mkdir("/b/old");
    Location next = tree.find("/b");
    fails(Errno.EBUSY, () -> tree.mounts.pivot(old, tree.find("/a"), tree.find("/b/old")));
    fails(Errno.EBUSY, () -> tree.mounts.pivot(old, next, tree.find("/a")));
    tree.mounts.pivot(old, next, tree.find("/b/old"));
    tree.fs.replace(old, next);
    assertEquals(List.of("old"), tree.list("/"));
    assertEquals("file", tree.read("/old/a/f"));
    assertEquals(List.of("old"), tree.list("/old/.."));
    assertTrue(tree.mounts.root().same(next));
    tree.mounts.unmount(tree.find("/old").mount(), true);
    assertEquals(List.of(), tree.list("/old"));
  }

  @Test
  void rootIsPivotedOntoItself() throws ErrnoException {
    Location old = tree.mounts.root();
    mounts.mount(tmpfs(), "/b", 0, "tmpfs");
    tree.write("/b/new", "root");
    Location next = tree.find("/b");
    tree.mounts.pivot(old, next, next);
    tree.fs.replace(old, next);
    tree.mounts.unmount(old.mount(), true);
    assertEquals("root", tree.read("/new"));
    assertTrue(tree.mounts.root().same(next));
    assertEquals(1, tree.mounts.mounts().size());
  }

  @Test
  void copiesThatAreNotMountedGo() throws ErrnoException {
    mounts.mount(tmpfs(), "/a/sub", 0, "tmpfs");
    Mount copy = tree.mounts.copy(tree.find("/a"), true);
    assertEquals(1, copy.children().size());
    tree.mounts.drop(copy);
    assertTrue(copy.children().isEmpty());
    Mount other = tree.mounts.copy(tree.find("/a"), false);
    tree.mounts.move(other, tree.find("/b"));
    tree.mounts.drop(other);
    assertEquals("file", tree.read("/b/f"));
  }

  @Test
  void expiryTakesTwoCallsWithoutUseBetween() throws ErrnoException {
    Mount mount = mounts.mount(tmpfs(), "/b", 0, "tmpfs");
    fails(Errno.EAGAIN, () -> tree.mounts.expire(mount));
    tree.write("/b/f", "used");
    fails(Errno.EAGAIN, () -> tree.mounts.expire(mount));
    tree.mounts.expire(mount);
    assertFalse(tree.find("/b").mount().equals(mount));
  }
}
