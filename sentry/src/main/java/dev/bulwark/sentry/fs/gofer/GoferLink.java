package dev.bulwark.sentry.fs.gofer;

import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.vfs.Attributes;
import org.jspecify.annotations.Nullable;

/** A symbolic link; what it says never changes. */
final class GoferLink extends GoferInode {
  private volatile @Nullable String target;

  GoferLink(GoferSystem system, long node, Attributes attributes) {
    super(system, node, attributes);
  }

  @Override
  public String readlink() throws ErrnoException {
    String known = target;
    if (known == null) {
      known = ask(client -> client.readLink(node()));
      target = known;
    }
    return known;
  }
}
