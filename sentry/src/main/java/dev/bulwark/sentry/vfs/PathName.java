package dev.bulwark.sentry.vfs;

import org.jspecify.annotations.Nullable;

/** Writes the path of a place, as getcwd(2) and the links of /proc show it. */
public final class PathName {
  private PathName() {}

  /**
   * The absolute path from a root. What was removed ends in {@code " (deleted)"}; what does not lie
   * under the root begins with {@code "(unreachable)"}. Names that move meanwhile may give a path
   * that never was.
   */
  public static String of(Location location, Location root) {
    return write(location, root);
  }

  /** The absolute path from the topmost mount that it can be reached from. */
  public static String of(Location location) {
    return write(location, null);
  }

  private static String write(Location location, @Nullable Location root) {
    StringBuilder path = new StringBuilder();
    Mount mount = location.mount();
    Dentry dentry = location.dentry();
    boolean reached = false;
    while (true) {
      if (root != null && mount.equals(root.mount()) && dentry.equals(root.dentry())) {
        reached = true;
        break;
      }
      if (dentry.equals(mount.root())) {
        Location point = mount.mountpoint();
        if (point == null) {
          break;
        }
        mount = point.mount();
        dentry = point.dentry();
        continue;
      }
      Dentry parent = dentry.parent();
      if (parent == null) {
        return path.insert(0, dentry.name()).toString(); // a file outside all directories
      }
      path.insert(0, dentry.name()).insert(0, '/');
      dentry = parent;
    }
    if (path.isEmpty()) {
      path.append('/');
    }
    if (!reached && root != null) {
      path.insert(0, "(unreachable)");
    }
    if (location.dentry().removed()) {
      path.append(" (deleted)");
    }
    return path.toString();
  }
}
