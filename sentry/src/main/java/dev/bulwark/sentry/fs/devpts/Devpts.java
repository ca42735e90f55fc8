package dev.bulwark.sentry.fs.devpts;

import dev.bulwark.sentry.tty.Pty;
import dev.bulwark.sentry.tty.PtySystem;
import dev.bulwark.sentry.vfs.Dentry;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Inode;
import dev.bulwark.sentry.vfs.Statfs;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory with the slave of every pair, and ptmx, which makes pairs. Names come and go with
 * their masters; owner and mode of a slave last as long as its pair. Thread-safe.
 */
public final class Devpts extends FileSystem {
  /** The group of new slaves, that of Debian's {@code tty}. */
  static final int TTY_GROUP = 5;

  private static final long MAGIC = 0x1cd1;

  private final PtySystem system;
  private final DevptsRoot root;
  private final PtmxNode ptmx;
  private final Map<Integer, SlaveNode> slaves = new TreeMap<>();

  /** The one instance of a sandbox, whose pairs it shows all. */
  @SuppressWarnings("this-escape") // nobody asks for names before the first task runs
  public Devpts(PtySystem system) {
    super("devpts");
    this.system = system;
    root = new DevptsRoot(this);
    ptmx = new PtmxNode(this, system);
    system.setNames(pty -> new SlaveIdentity(slave(pty)));
  }

  PtySystem system() {
    return system;
  }

  PtmxNode ptmx() {
    return ptmx;
  }

  /** The node of a pair's slave. */
  SlaveNode slave(Pty pty) {
    synchronized (slaves) {
      SlaveNode node = slaves.get(pty.index());
      if (node == null || !node.pty().equals(pty)) {
        forgetClosed();
        node = new SlaveNode(this, system, pty);
        slaves.put(pty.index(), node);
      }
      return node;
    }
  }

  private void forgetClosed() {
    Iterator<SlaveNode> all = slaves.values().iterator();
    while (all.hasNext()) {
      SlaveNode node = all.next();
      if (!node.pty().equals(system.find(node.pty().index()))) {
        all.remove();
      }
    }
  }

  @Override
  protected Inode root() {
    return root;
  }

  @Override
  protected boolean valid(Dentry name) {
    return !(name.inode() instanceof SlaveNode node)
        || node.pty().equals(system.find(node.pty().index()));
  }

  @Override
  protected boolean cachesAbsence() {
    return false;
  }

  @Override
  public Statfs statfs() {
    return Statfs.sizeless(MAGIC);
  }

  @Override
  public String options() {
    return ",gid=5,mode=620,ptmxmode=666";
  }

  /** The pair with a name, or null. */
  @Nullable Pty find(String name) {
    if (name.isEmpty() || name.length() > 4 || (name.length() > 1 && name.charAt(0) == '0')) {
      return null;
    }
    int index = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      index = index * 10 + (c - '0');
    }
    return system.find(index);
  }
}
