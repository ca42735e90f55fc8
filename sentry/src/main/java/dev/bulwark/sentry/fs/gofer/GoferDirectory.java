package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.gofer.Client;
import dev.bulwark.gofer.FileAttributes;
import dev.bulwark.gofer.ListedEntry;
import dev.bulwark.gofer.NodeInfo;
import dev.bulwark.gofer.OwnChange;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostFile;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.DirectoryFile;
import dev.bulwark.sentry.vfs.DirectorySink;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.Rename;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A directory. Its monitor guards its names, and is held while the Gofer looks them up. */
final class GoferDirectory extends GoferInode {
  /** Keeps the positions of the host clear of those of {@code .} and {@code ..}. */
  private static final long SHIFT = DirectoryFile.FIRST + 1;

  private @Nullable Prefetched prefetched;

  /** The host's position where what was listed begins but not looked up; -1 when there is none. */
  private long unseen = -1;

  /** A name that was looked up before anybody asked for it, and what it stands for, if anything. */
  private @Nullable String aheadName;

  private @Nullable GoferInode aheadInode;
  private long aheadAsked;

  /** Counts changes of names, so that what was listed before one is not taken for what is now. */
  private int changes;

  GoferDirectory(GoferSystem system, long node, Attributes attributes) {
    super(system, node, attributes);
  }

  @Override
  public @Nullable Inode lookup(String name) throws ErrnoException {
    return lookup(name, "");
  }

  @Override
  public synchronized @Nullable Inode lookup(String name, String ahead) throws ErrnoException {
    GoferInode listed = listed(name);
    if (listed != null) {
      return listed;
    }
    if (name.equals(aheadName)) {
      aheadName = null;
      if (!gofer().missed(aheadAsked)) {
        return aheadInode;
      }
    }
    if (unseen >= 0 && ahead.isEmpty()) {
      lookUpListed();
      listed = listed(name);
      if (listed != null) {
        return listed;
      }
    }
    List<String> names = names(name, ahead);
    long asked = gofer().clock();
    Client.Path path;
    try {
      path = ask(client -> client.walk(node(), names));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ESTALE && gofer().shared()) {
        return null; // this directory was removed, or moved where it cannot be found
      }
      throw e;
    }
    if (!path.nodes().isEmpty()) {
      return found(path, names, asked);
    }
    if (path.errno() == Errno.ENOENT) {
      return null;
    }
    throw ErrnoException.of(path.errno() == 0 ? Errno.EIO : path.errno());
  }

  /** What came with a listing. */
  private @Nullable GoferInode listed(String name) {
    Prefetched kept = prefetched;
    if (kept == null) {
      return null;
    }
    GoferInode inode = kept.take(name);
    return inode == null || inode.isGone() || gofer().missed(kept.asked()) ? null : inode;
  }

  /** The names to walk along: as far as each is surely below the one before. */
  private static List<String> names(String first, String ahead) {
    if (ahead.isEmpty()) {
      return List.of(first);
    }
    List<String> names = new ArrayList<>();
    names.add(first);
    for (String name : ahead.split("/", Client.MAX_NAMES)) {
      if (name.isEmpty()) {
        continue;
      }
      if (name.equals(".") || name.equals("..") || name.length() > 255 || name.contains("/")) {
        break;
      }
      names.add(name);
    }
    return names;
  }

  /** The first node of a walk; what came after it is kept where it will be looked up next. */
  private GoferInode found(Client.Path path, List<String> names, long asked) throws ErrnoException {
    GoferInode first = gofer().intern(path.nodes().getFirst(), asked);
    GoferInode at = first;
    for (int i = 1; i < path.nodes().size(); i++) {
      GoferInode next = gofer().intern(path.nodes().get(i), asked);
      at.expect(names.get(i), next, asked);
      at = next;
    }
    if (path.errno() == Errno.ENOENT) {
      at.expect(names.get(path.nodes().size()), null, asked);
    }
    return first;
  }

  /** Not when names have changed here, since nobody knows whether that was before or after. */
  @Override
  synchronized void expect(String name, @Nullable GoferInode inode, long asked) {
    if (changes == 0) {
      aheadAsked = asked;
      aheadName = name;
      aheadInode = inode;
    }
  }

  private synchronized void changed(String name, FileAttributes now) {
    learn(now);
    changes++;
    aheadName = null;
    aheadInode = null;
    if (prefetched != null) {
      prefetched.remove(name);
    }
  }

  private <T> T adding(String name, GoferSystem.Request<T> request) throws ErrnoException {
    return gofer().announced(OwnChange.of(node(), name, 0), () -> ask(request));
  }

  private FileAttributes removing(
      String name, GoferInode victim, GoferSystem.Request<FileAttributes> request)
      throws ErrnoException {
    return gofer()
        .announced(
            OwnChange.of(node(), name, victim.node()),
            () -> victim.changeNames(request, _ -> victim.unlinked()));
  }

  private GoferInode made(String name, Client.Made made) throws ErrnoException {
    changed(name, made.directory());
    return gofer().intern(made.info(), gofer().clock());
  }

  /** A regular file that was made, with the descriptor that came along. */
  private GoferInode madeFile(Client.Made made) throws ErrnoException {
    GoferInode inode = gofer().intern(made.info(), gofer().clock());
    if (inode instanceof GoferFile file) {
      file.donate(made.fd());
      return inode;
    }
    HostFile.close(made.fd());
    throw ErrnoException.of(Errno.EIO);
  }

  @Override
  public Inode create(String name, NewFile f) throws ErrnoException {
    Client.Made made =
        adding(name, client -> client.create(node(), name, f.mode() & 07777, f.uid(), f.gid()));
    changed(name, made.directory());
    return madeFile(made);
  }

  @Override
  public Inode createNameless(NewFile f) throws ErrnoException {
    return madeFile(
        ask(client -> client.createNameless(node(), f.mode() & 07777, f.uid(), f.gid())));
  }

  @Override
  public Inode mkdir(String name, NewFile f) throws ErrnoException {
    return made(
        name,
        adding(
            name,
            client -> client.makeDirectory(node(), name, f.mode() & 07777, f.uid(), f.gid())));
  }

  @Override
  public Inode symlink(String name, String target, NewFile f) throws ErrnoException {
    return made(
        name, adding(name, client -> client.makeSymlink(node(), name, target, f.uid(), f.gid())));
  }

  /** Of devices the Gofer makes the harmless ones only, since the host takes them for its own. */
  @Override
  public Inode mknod(String name, long device, NewFile f) throws ErrnoException {
    return made(
        name,
        adding(name, client -> client.makeNode(node(), name, f.mode(), f.uid(), f.gid(), device)));
  }

  @Override
  public void link(String name, Inode target) throws ErrnoException {
    GoferInode file = (GoferInode) target;
    Client.Linked linked =
        gofer()
            .announced(
                OwnChange.of(node(), name, file.node()),
                () ->
                    file.changeNames(
                        client -> client.link(file.node(), node(), name),
                        outcome -> file.learn(outcome.file())));
    changed(name, linked.directory());
  }

  @Override
  public void unlink(String name, Inode child) throws ErrnoException {
    GoferInode victim = (GoferInode) child;
    changed(name, removing(name, victim, client -> client.unlink(node(), name)));
    victim.endIfUnused();
  }

  @Override
  public void rmdir(String name, Inode child) throws ErrnoException {
    GoferInode victim = (GoferInode) child;
    changed(name, removing(name, victim, client -> client.removeDirectory(node(), name)));
    victim.endIfUnused();
  }

  @Override
  public void rename(
      String oldName,
      Inode child,
      Inode newDirectory,
      String newName,
      @Nullable Inode replaced,
      int flags)
      throws ErrnoException {
    GoferDirectory to = (GoferDirectory) newDirectory;
    GoferSystem.Request<Client.Moved> request =
        client -> client.rename(node(), oldName, to.node(), newName, flags);
    GoferInode other = (GoferInode) replaced;
    boolean loses = other != null && (flags & Rename.EXCHANGE) == 0;
    OwnChange change =
        new OwnChange(
            node(),
            oldName,
            to.node(),
            newName,
            ((GoferInode) child).node(),
            other == null ? 0 : other.node());
    Client.Moved moved =
        gofer()
            .announced(
                change,
                () ->
                    other != null && loses
                        ? other.changeNames(request, _ -> other.unlinked())
                        : ask(request));
    changed(oldName, moved.from());
    to.changed(newName, moved.to());
    ((GoferInode) child).markStale();
    if (other != null) {
      other.markStale();
      other.endIfUnused();
    }
  }

  @Override
  public void readDirectory(long position, DirectorySink sink) throws ErrnoException {
    if (position == Long.MAX_VALUE) {
      return;
    }
    long at = position <= DirectoryFile.FIRST ? 0 : position - SHIFT;
    while (true) {
      Client.Listing listing = list(at);
      for (ListedEntry entry : listing.entries()) {
        at = entry.next();
        if (!sink.entry(entry.name(), entry.inode(), type(entry), shown(at))) {
          return;
        }
      }
      if (listing.end() || listing.entries().isEmpty()) {
        return;
      }
    }
  }

  /** A position of the host as it is shown; the host's last one may be the largest there is. */
  private static long shown(long position) {
    return position > Long.MAX_VALUE - SHIFT ? Long.MAX_VALUE : position + SHIFT;
  }

  private static int type(ListedEntry entry) {
    NodeInfo info = entry.info();
    return info == null ? entry.type() : info.attributes().type();
  }

  /** Lists a part. What is in it is looked up as soon as somebody asks for any of it. */
  private Client.Listing list(long at) throws ErrnoException {
    Client.Listing listing = ask(client -> client.list(node(), at, false));
    synchronized (this) {
      if (at == 0 || unseen < 0) {
        unseen = at;
      }
    }
    return listing;
  }

  /**
   * Looks up what was listed but not looked up, from where that begins on, and as much of it as
   * comes with one message: most who list a directory and then ask for one file ask for the others
   * too, in the order of the list. The monitor is held.
   */
  private void lookUpListed() throws ErrnoException {
    long from = unseen;
    int before = changes;
    long asked = gofer().clock();
    Client.Listing listing = ask(client -> client.list(node(), from, true));
    boolean more = !listing.end() && !listing.entries().isEmpty();
    unseen = more ? listing.entries().getLast().next() : -1;
    Map<String, GoferInode> inodes = new HashMap<>();
    for (ListedEntry entry : listing.entries()) {
      NodeInfo info = entry.info();
      if (info != null) {
        inodes.put(entry.name(), gofer().intern(info, asked));
      }
    }
    if (changes == before) {
      if (prefetched == null) {
        prefetched = gofer().newPrefetched();
      }
      prefetched.put(inodes, asked);
    }
  }
}
