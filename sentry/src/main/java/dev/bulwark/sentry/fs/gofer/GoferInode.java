package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.gofer.AttributeChange;
import dev.bulwark.gofer.FileAttributes;
import dev.bulwark.gofer.GoferException;
import dev.bulwark.gofer.OwnChange;
import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostIdentity;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.FileClock;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Permission;
import dev.bulwark.sentry.vfs.Statfs;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A file of the Gofer. Attributes are those that were heard last; what the Sentry itself caused to
 * change is marked, and asked for when somebody wants to know. Unless others change the file too,
 * mode and owner are always current.
 */
class GoferInode extends Inode {
  private static final long DAY = 86_400 * FileClock.SECOND;

  private final GoferSystem system;
  private final long node;

  /** Guards the attributes, their mark, and the users; a leaf. */
  private final Object state = new Object();

  private volatile Attributes attributes;
  private volatile boolean stale;

  /** When the attributes were asked for, by the clock of the file system. */
  private volatile long heard;

  /** When the Gofer last told who the owner is. */
  private volatile long owned;

  private int users;

  /**
   * Counts what was heard, and beginnings and ends of changes of names: odd during one of those.
   */
  private int changes;

  /** Whether the node was given back, because neither name nor user was left. */
  private volatile boolean gone;

  GoferInode(GoferSystem system, long node, Attributes attributes) {
    super(system, attributes.mode());
    this.system = system;
    this.node = node;
    this.attributes = attributes;
  }

  final GoferSystem gofer() {
    return system;
  }

  final long node() {
    return node;
  }

  /** The descriptors of a regular file. */
  @Nullable Descriptors descriptors() {
    return null;
  }

  /**
   * Notes what a name in this directory was found to stand for, because it will be asked for next.
   *
   * @param inode null when there is no such name
   * @param asked when that was asked
   */
  void expect(String name, @Nullable GoferInode inode, long asked) {}

  /** Whether it was removed and given back, so that nothing can be done with it any more. */
  final boolean isGone() {
    return gone;
  }

  /**
   * Asks the Gofer about this file.
   *
   * @throws ErrnoException ENOENT when the file was removed and given back since it was found; and
   *     what the Gofer answers
   */
  final <T> T ask(GoferSystem.Request<T> request) throws ErrnoException {
    try {
      return system.ask(request);
    } catch (ErrnoException e) {
      throw gone && e.errno() == Errno.ESTALE ? ErrnoException.of(Errno.ENOENT) : e;
    }
  }

  /** The attributes that were heard last. */
  final Attributes known() {
    return attributes;
  }

  /** Attributes changed on the host in a way that has to be asked for. */
  final void markStale() {
    if (!system.shared()) {
      stale = true;
      return;
    }
    synchronized (state) {
      stale = true;
      heard = system.clock(); // what somebody else asked for before is older
    }
  }

  /** Notes what the Gofer said by the way, unless something newer is known. */
  final void hear(Attributes now, long asked) {
    synchronized (state) {
      if (asked - heard > 0 && (changes & 1) == 0) {
        attributes = now;
        heard = asked;
        owned = asked;
        stale = false;
      }
    }
  }

  /** Notes what the Gofer said after a change. */
  final void learn(FileAttributes now) {
    synchronized (state) {
      attributes = system.attributes(now);
      stale = false;
      heard = system.clock();
      owned = heard;
      changes += 2; // what somebody else is asking for just now may be older
    }
  }

  @Override
  public Attributes attributes() throws ErrnoException {
    if (!stale && !system.outdated(heard)) {
      return attributes;
    }
    int before;
    long asked;
    synchronized (state) {
      asked = system.clock();
      stale = false; // before asking: a change meanwhile marks it again
      before = changes;
    }
    FileAttributes now;
    try {
      now = fetch();
    } catch (ErrnoException e) {
      stale = true;
      throw e;
    }
    synchronized (state) {
      Attributes shown = system.attributes(now);
      if (before == changes && (before & 1) == 0) {
        attributes = shown;
        heard = asked;
      } else { // nobody knows whether this is older or newer
        attributes = copy(shown, attributes.links(), shown.accessed());
        stale = true;
      }
      return attributes;
    }
  }

  /**
   * Makes a request that adds a name of this file or takes one away; names are counted by one
   * thread at a time. The monitor of the directory is held.
   *
   * @param noted notes the outcome
   */
  final <T> T changeNames(GoferSystem.Request<T> request, Consumer<T> noted) throws ErrnoException {
    synchronized (this) {
      synchronized (state) {
        changes++;
      }
      try {
        T outcome = ask(request);
        noted.accept(outcome);
        return outcome;
      } finally {
        synchronized (state) {
          changes++;
        }
      }
    }
  }

  /** Asks the Gofer for the attributes. */
  FileAttributes fetch() throws ErrnoException {
    long asked = system.clock();
    FileAttributes now = ask(client -> client.attributes(node));
    owned = asked;
    return now;
  }

  /** Whether the owner that is known is to be believed, whatever else may have changed. */
  final boolean ownerKnown() {
    return !system.outdated(owned);
  }

  @Override
  public void checkPermission(int wanted, Credentials credentials) throws ErrnoException {
    Attributes now = system.shared() ? attributes() : attributes;
    Permission.check(now.mode(), now.uid(), now.gid(), wanted, credentials);
  }

  @Override
  public synchronized void setAttributes(dev.bulwark.sentry.vfs.AttributeChange change)
      throws ErrnoException {
    AttributeChange same =
        new AttributeChange(
            change.valid(),
            change.mode(),
            change.uid(),
            change.gid(),
            change.size(),
            change.accessed(),
            change.modified());
    learn(
        system.announced(
            OwnChange.of(node), () -> ask(client -> client.setAttributes(node, same))));
  }

  /** By the rules of relatime, as the host does it: here only what is shown changes. */
  @Override
  public void touchAccessed() {
    Attributes a = attributes;
    if (a.accessed() > a.modified() && a.accessed() > a.changed()) {
      if (FileClock.now() - a.accessed() < DAY) {
        return;
      }
    }
    synchronized (state) {
      a = attributes;
      attributes = copy(a, a.links(), FileClock.now());
    }
  }

  private static Attributes copy(Attributes a, int links, long accessed) {
    return new Attributes(
        a.device(),
        a.inode(),
        a.mode(),
        links,
        a.uid(),
        a.gid(),
        a.special(),
        a.size(),
        a.blockSize(),
        a.blocks(),
        accessed,
        a.modified(),
        a.changed(),
        a.born());
  }

  @Override
  public final int connectToHost(int type, Credentials as) throws ErrnoException {
    if (type() != Attributes.SOCKET) {
      throw ErrnoException.of(Errno.ECONNREFUSED);
    }
    try {
      HostIdentity identity = new HostIdentity(as.euid(), as.egid(), as.groups());
      return ask(client -> client.connect(node, type, identity));
    } catch (ErrnoException e) {
      throw e.errno() == Errno.EACCES ? ErrnoException.of(Errno.ECONNREFUSED) : e;
    }
  }

  @Override
  public final void watched(Dentry name) throws ErrnoException {
    if (!system.shared()) {
      return;
    }
    try {
      system.events().watch(node, new HostWatch(this, name));
    } catch (GoferException e) {
      throw ErrnoException.of(e.errno());
    }
    opened();
  }

  @Override
  public final void unwatched() {
    if (system.shared()) {
      system.events().unwatch(node);
      closed();
    }
  }

  @Override
  protected final void nameVanished() {
    markStale();
  }

  /** A name was taken away; of a directory it was the only one. */
  final void unlinked() {
    synchronized (state) {
      Attributes a = attributes;
      int links = isDirectory() ? 0 : Math.max(0, a.links() - 1);
      attributes = copy(a, links, a.accessed());
      stale = true;
    }
  }

  @Override
  public final void opened() {
    synchronized (state) {
      users++;
    }
  }

  @Override
  public final void closed() {
    synchronized (state) {
      users--;
    }
    endIfUnused();
  }

  /** Gives everything back when neither name nor user is left, so that the host frees its space. */
  final void endIfUnused() {
    synchronized (state) {
      if (gone || users > 0 || attributes.links() > 0) {
        return;
      }
      gone = true;
    }
    Descriptors open = descriptors();
    if (open != null) {
      open.close();
    }
    system.drop(this);
  }

  @Override
  public final Statfs statfs() throws ErrnoException {
    return GoferSystem.figures(ask(client -> client.statfs(node)));
  }

  @Override
  public void sync(boolean dataOnly) throws ErrnoException {
    if (isDirectory()) {
      ask(
          client -> {
            client.sync(node);
            return true;
          });
    }
  }

  /** The Gofer admits these names only; asking for others would be wasted. */
  private static void checkXattr(String name) throws ErrnoException {
    if (!name.startsWith("user.") && !name.equals("security.capability")) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
  }

  @Override
  public byte[] getXattr(String name) throws ErrnoException {
    checkXattr(name);
    return ask(client -> client.getXattr(node, name));
  }

  @Override
  public void setXattr(String name, byte[] value, int flags) throws ErrnoException {
    checkXattr(name);
    system.announced(
        OwnChange.of(node),
        () ->
            ask(
                client -> {
                  client.setXattr(node, name, value, flags);
                  return true;
                }));
    markStale();
  }

  @Override
  public List<String> listXattr() throws ErrnoException {
    return ask(client -> client.listXattr(node));
  }

  @Override
  public void removeXattr(String name) throws ErrnoException {
    checkXattr(name);
    system.announced(
        OwnChange.of(node),
        () ->
            ask(
                client -> {
                  client.removeXattr(node, name);
                  return true;
                }));
    markStale();
  }
}
