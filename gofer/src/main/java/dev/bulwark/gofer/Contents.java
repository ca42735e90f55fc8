package dev.bulwark.gofer;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.linux.HostPath;
import dev.bulwark.linux.HostStatfs;
import dev.bulwark.linux.Statx;
import java.util.List;

/**
 * Opens files and answers for what they hold besides names. The tree lock is held by the caller.
 */
final class Contents {
  private static final long NANOSECONDS = 1_000_000_000L;
  private static final long UTIME_OMIT = (1L << 30) - 2;
  private static final int PERMISSIONS = 07777;

  private final NodeTable nodes;
  private final ProcFds proc;

  Contents(NodeTable nodes, ProcFds proc) {
    this.nodes = nodes;
    this.proc = proc;
  }

  /** Opens a regular file. FIFOs, sockets and devices are the Sentry's to emulate. */
  Answer open(Request.Open request) throws GoferException {
    int access = request.access();
    if (access < HostPath.O_RDONLY || access > Client.APPEND) {
      throw GoferException.of(Errno.EINVAL);
    }
    try (NodeUse use = nodes.use(request.node())) {
      if (use.node.type != Statx.REGULAR || use.node.hidden) {
        throw GoferException.of(Errno.EACCES);
      }
      if (access != HostPath.O_RDONLY && nodes.readOnly(use.node)) {
        throw GoferException.of(Errno.EROFS);
      }
      int flags = access == Client.APPEND ? HostPath.O_WRONLY | HostPath.O_APPEND : access;
      return new Answer(new Reply.Done(), proc.open(use.fd(), flags));
    }
  }

  Answer readLink(Request.ReadLink request) throws GoferException {
    try (NodeUse use = nodes.use(request.node())) {
      if (use.node.type != Statx.SYMLINK) {
        throw GoferException.of(Errno.EINVAL);
      }
      String text = HostPath.readlinkAt(use.fd(), "");
      if (text == null) {
        throw GoferException.of(Errno.EIO);
      }
      return Answer.of(new Reply.Text(text));
    }
  }

  Answer getAttributes(Request.GetAttributes request) throws GoferException {
    try (NodeUse use = nodes.use(request.node())) {
      return attributes(use);
    }
  }

  private static Answer attributes(NodeUse use) throws GoferException {
    Statx stat = new Statx();
    GoferException.check(stat.fill(use.fd(), ""));
    return Answer.of(new Reply.Attributes(FileAttributes.of(stat)));
  }

  /** Begins to use a node that shall change. */
  private NodeUse changing(long id) throws GoferException {
    NodeUse use = nodes.use(id);
    if (nodes.readOnly(use.node) || use.node.hidden) {
      use.close();
      throw GoferException.of(Errno.EROFS);
    }
    return use;
  }

  /** The mode comes after the owner, whose change takes set-user-id bits away; times come last. */
  Answer setAttributes(Request.SetAttributes request) throws GoferException {
    AttributeChange change = request.change();
    try (NodeUse use = changing(request.node())) {
      int fd = use.fd();
      if (change.any(AttributeChange.SIZE)) {
        truncate(use, change.size());
      }
      if (change.any(AttributeChange.UID | AttributeChange.GID)) {
        int uid = change.any(AttributeChange.UID) ? change.uid() : -1;
        int gid = change.any(AttributeChange.GID) ? change.gid() : -1;
        GoferException.check(HostPath.chownAt(fd, "", uid, gid, HostPath.AT_EMPTY_PATH));
      }
      if (change.any(AttributeChange.MODE)) {
        int mode = change.mode() & PERMISSIONS;
        GoferException.check(HostPath.chmodAt(proc.fd(), ProcFds.name(fd), mode));
      }
      if (change.any(AttributeChange.ACCESSED | AttributeChange.MODIFIED)) {
        long[] accessed = time(change.accessed(), change.any(AttributeChange.ACCESSED));
        long[] modified = time(change.modified(), change.any(AttributeChange.MODIFIED));
        GoferException.check(
            HostPath.utimensAt(proc.fd(), ProcFds.name(fd), accessed, modified, 0));
      }
      return attributes(use);
    }
  }

  private void truncate(NodeUse use, long size) throws GoferException {
    if (use.node.type != Statx.REGULAR) {
      throw GoferException.of(Errno.EINVAL);
    }
    int fd = proc.open(use.fd(), HostPath.O_WRONLY);
    long r = HostFile.truncate(fd, size);
    HostFile.close(fd);
    GoferException.check(r);
  }

  private static long[] time(long nanoseconds, boolean counts) {
    return counts
        ? new long[] {
          Math.floorDiv(nanoseconds, NANOSECONDS), Math.floorMod(nanoseconds, NANOSECONDS)
        }
        : new long[] {0, UTIME_OMIT};
  }

  Answer figures(Request.GetFigures request) throws GoferException {
    try (NodeUse use = nodes.use(request.node())) {
      HostStatfs figures = HostFile.statfs(use.fd());
      if (figures == null) {
        throw GoferException.of(Errno.EIO);
      }
      return Answer.of(new Reply.Figures(figures));
    }
  }

  /**
   * Brings a file or its whole file system to the disk. This can take long, so it only opens; the
   * caller then calls {@link #sync} without the lock.
   */
  int openToSync(Request.Sync request) throws GoferException {
    try (NodeUse use = nodes.use(request.node())) {
      if (use.node.type != Statx.REGULAR && use.node.type != Statx.DIRECTORY) {
        throw GoferException.of(Errno.EINVAL);
      }
      return proc.open(use.fd(), HostPath.O_RDONLY);
    }
  }

  /** Syncs and closes the descriptor. */
  static Answer sync(int fd, boolean fileSystem) throws GoferException {
    long r = fileSystem ? HostFile.syncFileSystem(fd) : HostFile.sync(fd, false);
    HostFile.close(fd);
    GoferException.check(r);
    return Answer.done();
  }

  /** Opens a file whose extended attributes are asked for; only two types have any. */
  private int openForXattr(NodeUse use, String name) throws GoferException {
    // Others hold what the host's security modules think, which is not the container's.
    if (!name.startsWith("user.") && !name.equals("security.capability")) {
      throw GoferException.of(Errno.EOPNOTSUPP);
    }
    if (name.indexOf('\0') >= 0 || name.length() > FileName.MAX) {
      throw GoferException.of(Errno.ERANGE);
    }
    if ((use.node.type != Statx.REGULAR && use.node.type != Statx.DIRECTORY) || use.node.hidden) {
      throw GoferException.of(Errno.EOPNOTSUPP);
    }
    return proc.open(use.fd(), HostPath.O_RDONLY);
  }

  Answer getXattr(Request.GetXattr request) throws GoferException {
    try (NodeUse use = nodes.use(request.node())) {
      int fd = openForXattr(use, request.name());
      byte[] value = new byte[HostFile.MAX_XATTR_VALUE];
      long n = HostFile.getXattr(fd, request.name(), value);
      HostFile.close(fd);
      int length = (int) GoferException.check(n);
      return Answer.of(new Reply.Value(java.util.Arrays.copyOf(value, length)));
    }
  }

  Answer setXattr(Request.SetXattr request) throws GoferException {
    try (NodeUse use = changing(request.node())) {
      int fd = openForXattr(use, request.name());
      long r = HostFile.setXattr(fd, request.name(), request.value(), request.flags());
      HostFile.close(fd);
      GoferException.check(r);
      return Answer.done();
    }
  }

  Answer removeXattr(Request.RemoveXattr request) throws GoferException {
    try (NodeUse use = changing(request.node())) {
      int fd = openForXattr(use, request.name());
      long r = HostFile.removeXattr(fd, request.name());
      HostFile.close(fd);
      GoferException.check(r);
      return Answer.done();
    }
  }

  Answer listXattr(Request.ListXattr request) throws GoferException {
    try (NodeUse use = nodes.use(request.node())) {
      if ((use.node.type != Statx.REGULAR && use.node.type != Statx.DIRECTORY) || use.node.hidden) {
        return Answer.of(new Reply.Names(List.of()));
      }
      int fd = proc.open(use.fd(), HostPath.O_RDONLY);
      List<String> names = HostFile.listXattr(fd);
      HostFile.close(fd);
      if (names == null) {
        throw GoferException.of(Errno.EOPNOTSUPP);
      }
      names.removeIf(name -> !name.startsWith("user.") && !name.equals("security.capability"));
      return Answer.of(
          new Reply.Names(names.subList(0, Math.min(names.size(), Reply.MAX_ENTRIES))));
    }
  }
}
