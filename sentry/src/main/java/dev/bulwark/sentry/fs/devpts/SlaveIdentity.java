package dev.bulwark.sentry.fs.devpts;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FileIdentity;

/** A slave that was opened without a path (TIOCGPTPEER), named as it is usually mounted. */
record SlaveIdentity(SlaveNode node) implements FileIdentity {
  @Override
  public Attributes attributes() throws ErrnoException {
    return node.attributes();
  }

  @Override
  public String describe() {
    return "/dev/pts/" + node.pty().index();
  }
}
