package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.Statx;
import dev.bulwark.linux.Sys;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes, moves and removes names. The caller holds the tree lock: exclusively for what removes or
 * moves, shared otherwise.
 */
final class Names {
  private static final int RENAME_EXCHANGE = 2;
  private static final int RENAME_FLAGS = 3;
  private static final int PERMISSIONS = 07777;

  /** What a new file may have before it belongs to its owner. */
  private static final int PRIVATE = 0600;

  /**
   * Devices that a container may leave on the host's disk, since everybody there can use them
   * anyhow: the mark of removed names in overlays, null, zero, full, random, urandom, tty and ptmx.
   */
  private static final Set<Long> HARMLESS =
      Set.of(0x0L, 0x103L, 0x105L, 0x107L, 0x108L, 0x109L, 0x500L, 0x502L);

  /** Whose the files are that this process makes, in directories that do not decide it. */
  private final Request.Owner self =
      new Request.Owner(0, (int) HostCall.call(Sys.GETEUID), (int) HostCall.call(Sys.GETEGID));

  private final NodeTable nodes;
  private final ProcFds proc;
  private final Lookup lookup;

  Names(NodeTable nodes, ProcFds proc, Lookup lookup) {
    this.nodes = nodes;
    this.proc = proc;
    this.lookup = lookup;
  }

  /** Begins to use a directory in which something shall change. */
  private NodeUse directory(long id) throws GoferException {
    NodeUse use = nodes.use(id);
    if (use.node.type != Statx.DIRECTORY || nodes.readOnly(use.node) || use.node.hidden) {
      int errno = use.node.type != Statx.DIRECTORY ? Errno.ENOTDIR : Errno.EROFS;
      use.close();
      throw GoferException.of(errno);
    }
    return use;
  }

  /** Gives a new file its owner and its mode, in this order since the first affects the second. */
  private void own(int fd, Request.Owner owner) throws GoferException {
    GoferException.check(
        HostPath.chownAt(fd, "", owner.uid(), owner.gid(), HostPath.AT_EMPTY_PATH));
    if ((owner.mode() & Statx.TYPE_MASK) != Statx.SYMLINK) {
      GoferException.check(
          HostPath.chmodAt(proc.fd(), ProcFds.name(fd), owner.mode() & PERMISSIONS));
    }
  }

  Answer create(Request.Create request) throws GoferException {
    String name = FileName.check(request.name());
    try (NodeUse directory = directory(request.directory())) {
      int flags =
          HostPath.O_CREAT
              | HostPath.O_EXCL
              | HostPath.O_RDWR
              | HostPath.O_NOFOLLOW
              | HostPath.O_CLOEXEC;
      Request.Owner owner = request.owner();
      boolean ours = owner.uid() == self.uid() && owner.gid() == self.gid();
      int mode = ours ? owner.mode() & PERMISSIONS : PRIVATE;
      int fd =
          (int)
              GoferException.check(
                  HostPath.openAt2(directory.fd(), name, flags, mode, NodeTable.RESOLVE));
      try {
        return new Answer(made(directory, name, fd, owner), fd);
      } catch (GoferException e) {
        HostFile.close(fd);
        HostPath.unlinkAt(directory.fd(), name, 0);
        throw e;
      }
    }
  }

  Answer createNameless(Request.CreateNameless request) throws GoferException {
    try (NodeUse directory = directory(request.directory())) {
      int flags = HostPath.O_TMPFILE | HostPath.O_RDWR | HostPath.O_CLOEXEC;
      int fd =
          (int)
              GoferException.check(
                  HostPath.openAt2(directory.fd(), ".", flags, PRIVATE, NodeTable.RESOLVE));
      try {
        own(fd, request.owner());
        Statx stat = new Statx();
        GoferException.check(stat.fill(fd, ""));
        int node = proc.open(fd, HostPath.O_PATH);
        try (NodeUse use = nodes.intern(directory.node.root, null, "", stat, node, false)) {
          FileAttributes above = attributes(directory);
          return new Answer(new Reply.Made(lookup.give(use, stat), above), fd);
        }
      } catch (GoferException e) {
        HostFile.close(fd);
        throw e;
      }
    }
  }

  /** What is said of a new file, after it got its owner unless the host gave it the right one. */
  private Reply made(NodeUse directory, String name, int fd, Request.Owner owner)
      throws GoferException {
    Statx stat = new Statx();
    GoferException.check(stat.fill(fd, ""));
    boolean right =
        stat.uid() == owner.uid()
            && stat.gid() == owner.gid()
            && stat.mode() == (Statx.REGULAR | (owner.mode() & PERMISSIONS));
    if (!right) {
      own(fd, owner);
      GoferException.check(stat.fill(fd, ""));
    }
    Root root = directory.node.root;
    FileAttributes above = attributes(directory);
    try (NodeUse use = nodes.intern(root, directory.node, name, stat, -1, false)) {
      return new Reply.Made(lookup.give(use, stat), above);
    }
  }

  private Reply made(NodeUse directory, String name) throws GoferException {
    Statx stat = new Statx();
    FileAttributes above = attributes(directory);
    try (NodeUse use = lookup.find(directory, name, stat)) {
      return new Reply.Made(lookup.give(use, stat), above);
    }
  }

  private static FileAttributes attributes(NodeUse directory) throws GoferException {
    Statx stat = new Statx();
    GoferException.check(stat.fill(directory.fd(), ""));
    return FileAttributes.of(stat);
  }

  /** Gives what was just made under a name its owner, or takes it away again. */
  private Answer finish(NodeUse directory, String name, Request.Owner owner) throws GoferException {
    boolean isDirectory = (owner.mode() & Statx.TYPE_MASK) == Statx.DIRECTORY;
    try {
      int fd =
          (int)
              GoferException.check(
                  HostPath.openAt2(
                      directory.fd(), name, NodeTable.OPEN_NODE, 0, NodeTable.RESOLVE));
      try {
        own(fd, owner);
      } finally {
        HostFile.close(fd);
      }
      return Answer.of(made(directory, name));
    } catch (GoferException e) {
      HostPath.unlinkAt(directory.fd(), name, isDirectory ? HostPath.AT_REMOVEDIR : 0);
      throw e;
    }
  }

  Answer makeDirectory(Request.MakeDirectory request) throws GoferException {
    String name = FileName.check(request.name());
    try (NodeUse directory = directory(request.directory())) {
      GoferException.check(HostPath.mkdirAt(directory.fd(), name, 0700));
      Request.Owner o = request.owner();
      int mode = Statx.DIRECTORY | (o.mode() & PERMISSIONS);
      return finish(directory, name, new Request.Owner(mode, o.uid(), o.gid()));
    }
  }

  Answer makeSymlink(Request.MakeSymlink request) throws GoferException {
    String name = FileName.check(request.name());
    if (request.target().isEmpty() || request.target().indexOf('\0') >= 0) {
      throw GoferException.of(request.target().isEmpty() ? Errno.ENOENT : Errno.EINVAL);
    }
    try (NodeUse directory = directory(request.directory())) {
      GoferException.check(HostPath.symlinkAt(request.target(), directory.fd(), name));
      Request.Owner o = request.owner();
      return finish(directory, name, new Request.Owner(Statx.SYMLINK, o.uid(), o.gid()));
    }
  }

  Answer makeNode(Request.MakeNode request) throws GoferException {
    String name = FileName.check(request.name());
    int type = request.owner().mode() & Statx.TYPE_MASK;
    boolean device = type == Statx.CHARACTER && HARMLESS.contains(request.device());
    if (!device && type != Statx.FIFO && type != Statx.SOCKET && type != Statx.REGULAR) {
      throw GoferException.of(Errno.EPERM);
    }
    long number = device ? request.device() : 0;
    try (NodeUse directory = directory(request.directory())) {
      GoferException.check(HostPath.mknodAt(directory.fd(), name, type | PRIVATE, number));
      return finish(directory, name, request.owner());
    }
  }

  Answer link(Request.Link request) throws GoferException {
    String name = FileName.check(request.name());
    try (NodeUse directory = directory(request.directory());
        NodeUse target = nodes.use(request.node())) {
      if (!target.node.root.equals(directory.node.root)) {
        throw GoferException.of(Errno.EXDEV);
      }
      GoferException.check(
          HostPath.linkAt(
              proc.fd(),
              ProcFds.name(target.fd()),
              directory.fd(),
              name,
              HostPath.AT_SYMLINK_FOLLOW));
      Statx stat = new Statx();
      lookup.find(directory, name, stat).close(); // a file without a name has one again
      return Answer.of(new Reply.Changed(attributes(directory), FileAttributes.of(stat)));
    }
  }

  Answer unlink(Request.Unlink request) throws GoferException {
    String name = FileName.check(request.name());
    try (NodeUse directory = directory(request.directory());
        NodeUse victim = keep(directory, name)) {
      int flags = request.isDirectory() ? HostPath.AT_REMOVEDIR : 0;
      GoferException.check(HostPath.unlinkAt(directory.fd(), name, flags));
      lost(victim, directory, name);
      return Answer.of(new Reply.Attributes(attributes(directory)));
    }
  }

  /**
   * Begins to use the node of a name that is about to go, if the client knows it, and makes sure
   * that it has a descriptor: it cannot be opened by that name afterwards.
   */
  private @Nullable NodeUse keep(NodeUse directory, String name) throws GoferException {
    Statx stat = new Statx();
    if (stat.fill(directory.fd(), name) != 0) {
      return null;
    }
    NodeUse victim = nodes.find(directory.node.root, stat);
    if (victim == null) {
      return null;
    }
    if (nodes.isAt(victim.node, directory.node, name)) {
      try {
        victim.fd();
      } catch (GoferException e) {
        victim.close();
        throw e;
      }
    }
    return victim;
  }

  private void lost(@Nullable NodeUse victim, NodeUse directory, String name) {
    if (victim != null && nodes.isAt(victim.node, directory.node, name)) {
      nodes.place(victim.node, null, "");
    }
  }

  Answer rename(Request.Rename request) throws GoferException {
    String oldName = FileName.check(request.oldName());
    String newName = FileName.check(request.newName());
    int flags = request.flags();
    if ((flags & ~RENAME_FLAGS) != 0) {
      throw GoferException.of(Errno.EINVAL);
    }
    try (NodeUse from = directory(request.oldDirectory());
        NodeUse to = directory(request.newDirectory())) {
      if (!from.node.root.equals(to.node.root)) {
        throw GoferException.of(Errno.EXDEV);
      }
      try (NodeUse moved = keep(from, oldName);
          NodeUse replaced = keep(to, newName)) {
        GoferException.check(HostPath.renameAt2(from.fd(), oldName, to.fd(), newName, flags));
        if (moved != null && replaced != null && moved.node.equals(replaced.node)) {
          return changed(from, to); // two names of one file: rename(2) leaves both
        }
        lost(replaced, to, newName);
        if (replaced != null && (flags & RENAME_EXCHANGE) != 0) {
          nodes.place(replaced.node, from.node, oldName);
        }
        if (moved != null) {
          nodes.place(moved.node, to.node, newName);
        }
        return changed(from, to);
      }
    }
  }

  private static Answer changed(NodeUse from, NodeUse to) throws GoferException {
    return Answer.of(new Reply.Changed(attributes(from), attributes(to)));
  }
}
