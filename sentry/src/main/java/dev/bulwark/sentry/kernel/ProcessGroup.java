package dev.bulwark.sentry.kernel;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A process group (setpgid(2)), within one session. Guarded by the lock of its {@link ProcessTree}.
 */
public final class ProcessGroup {
  final Set<ThreadGroup> members = new LinkedHashSet<>();
  private final int id;
  private final Session session;

  ProcessGroup(int id, Session session) {
    this.id = id;
    this.session = session;
  }

  /** The identifier: the pid of the process that made it. */
  public int id() {
    return id;
  }

  /** The session it belongs to for good. */
  public Session session() {
    return session;
  }

  /** The members, for {@link ProcessEvents}, which is called with the lock of the tree held. */
  public Set<ThreadGroup> members() {
    return Collections.unmodifiableSet(members);
  }

  /**
   * Whether no living member has a parent outside the group but in its session, so that no shell
   * could continue a stopped member (POSIX, "orphaned process group").
   */
  boolean orphaned() {
    for (ThreadGroup member : members) {
      ThreadGroup parent = member.parent;
      if (!member.zombie()
          && parent != null
          && !parent.group.equals(this)
          && parent.group.session.equals(session)) {
        return false;
      }
    }
    return true;
  }
}
