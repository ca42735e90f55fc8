package dev.bulwark.gofer;

import dev.bulwark.linux.Dirent;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.HostStatfs;
import dev.bulwark.linux.Statx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds files by name: walks and listings. The tree lock is held by the caller. */
final class Lookup {
  /** How much of a directory to read for one reply: what of its entries surely fits. */
  private static final int LISTING = 24 << 10;

  private static final int LISTING_WITH_NODES = 8 << 10;

  /**
   * Types of the kernel's own file systems. Where one is mounted below a root, the client sees an
   * empty directory: processes, devices and settings of the host are none of its business.
   */
  private static final Set<Long> HIDDEN =
      Set.of(
          0x9fa0L, // proc
          0x62656572L, // sysfs
          0x27e0ebL, // cgroup
          0x63677270L, // cgroup2
          0x1cd1L, // devpts
          0x64626720L, // debugfs
          0x74726163L, // tracefs
          0x73636673L, // securityfs
          0xf97cff8cL, // selinuxfs
          0x43415d53L, // smackfs
          0x62656570L, // configfs
          0xcafe4a11L, // bpf
          0x6165676cL, // pstore
          0xde5e81e4L, // efivarfs
          0x42494e4dL, // binfmt_misc
          0x19800202L, // mqueue
          0x6e736673L, // nsfs
          0x187L); // autofs, which waits for a daemon

  private final NodeTable nodes;
  private final ProcFds proc;

  Lookup(NodeTable nodes, ProcFds proc) {
    this.nodes = nodes;
    this.proc = proc;
  }

  /**
   * Begins to use what a name in a directory stands for.
   *
   * @param stat gets its attributes
   */
  NodeUse find(NodeUse directory, String name, Statx stat) throws GoferException {
    if (directory.node.type != Statx.DIRECTORY) {
      throw GoferException.of(Errno.ENOTDIR);
    }
    if (directory.node.hidden) {
      throw GoferException.of(Errno.ENOENT);
    }
    int fd = directory.fd();
    GoferException.check(stat.fill(fd, name));
    boolean hidden = stat.mount() != directory.node.mount && isHidden(fd, name);
    return nodes.intern(directory.node.root, directory.node, name, stat, -1, hidden);
  }

  private static boolean isHidden(int directory, String name) throws GoferException {
    int fd =
        (int)
            GoferException.check(
                HostPath.openAt2(directory, name, NodeTable.OPEN_NODE, 0, NodeTable.RESOLVE));
    HostStatfs figures = HostFile.statfs(fd);
    HostFile.close(fd);
    return figures == null || HIDDEN.contains(figures.magic());
  }

  /** From now on a root is read-only. */
  Answer seal(Request.Seal request) throws GoferException {
    nodes.seal(request.root());
    return Answer.done();
  }

  Answer attach(Request.Attach request) throws GoferException {
    try (NodeUse root = nodes.root(request.root())) {
      Statx stat = new Statx();
      GoferException.check(stat.fill(root.fd(), ""));
      Root served = root.node.root;
      return Answer.of(new Reply.Attached(give(root, stat), served.readOnly(), served.shared()));
    }
  }

  Answer walk(Request.Walk request) throws GoferException {
    List<NodeInfo> found = new ArrayList<>(request.names().size());
    int errno = 0;
    NodeUse at = nodes.use(request.node());
    try {
      for (String name : request.names()) {
        Statx stat = new Statx();
        NodeUse next;
        try {
          next = find(at, FileName.check(name), stat);
        } catch (GoferException e) {
          if (found.isEmpty() && e.errno() != Errno.ENOENT) {
            throw e;
          }
          errno = e.errno();
          break;
        }
        at.close();
        at = next;
        found.add(give(at, stat));
        if (at.node.type != Statx.DIRECTORY) {
          break;
        }
      }
    } finally {
      at.close();
    }
    return Answer.of(new Reply.Walked(found, errno));
  }

  /** What the client gets of a node, which counts as given. */
  NodeInfo give(NodeUse use, Statx stat) {
    nodes.given(use.node);
    return new NodeInfo(use.node.id, FileAttributes.of(stat));
  }

  Answer list(Request.ReadDirectory request) throws GoferException {
    try (NodeUse directory = nodes.use(request.directory())) {
      if (directory.node.type != Statx.DIRECTORY) {
        throw GoferException.of(Errno.ENOTDIR);
      }
      if (directory.node.hidden) {
        return Answer.of(new Reply.Entries(List.of(), true));
      }
      int fd = proc.open(directory.fd(), HostPath.O_RDONLY | HostPath.O_DIRECTORY);
      try {
        return entries(directory, fd, request);
      } finally {
        HostFile.close(fd);
      }
    }
  }

  private Answer entries(NodeUse directory, int fd, Request.ReadDirectory request)
      throws GoferException {
    List<ListedEntry> entries = new ArrayList<>();
    long position = request.position();
    long room = request.withNodes() ? LISTING_WITH_NODES : LISTING;
    while (true) {
      List<Dirent> read = new ArrayList<>();
      long n = HostFile.list(fd, position, (int) room, read);
      if (n == -Errno.EINVAL && !entries.isEmpty()) {
        return Answer.of(new Reply.Entries(entries, false)); // no room for one more entry
      }
      if (GoferException.check(n) == 0) {
        return Answer.of(new Reply.Entries(entries, true));
      }
      for (Dirent entry : read) {
        position = entry.next();
        if (!entry.name().equals(".") && !entry.name().equals("..")) {
          entries.add(listed(directory, entry, request.withNodes()));
        }
      }
      room -= n;
      if (room <= 0) {
        return Answer.of(new Reply.Entries(entries, false));
      }
    }
  }

  private ListedEntry listed(NodeUse directory, Dirent entry, boolean withNode) {
    NodeInfo info = null;
    if (withNode) {
      Statx stat = new Statx();
      try (NodeUse found = find(directory, entry.name(), stat)) {
        info = give(found, stat);
      } catch (GoferException e) {
        info = null; // gone meanwhile, or too many nodes: the client asks again if it cares
      }
    }
    return new ListedEntry(entry.name(), entry.inode(), entry.type(), entry.next(), info);
  }
}
