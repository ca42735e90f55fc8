package dev.bulwark.sentry.fs.proc;

import dev.bulwark.sentry.vfs.DeviceNumber;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.Mount;
import dev.bulwark.sentry.vfs.MountFlags;
import dev.bulwark.sentry.vfs.PathName;
import java.util.ArrayList;
import java.util.List;

/** The mounts that a process sees: mounts, mountinfo and mountstats (proc(5)). */
final class MountText {
  private MountText() {}

  /** A mount and where the process sees it. */
  private record Seen(Mount mount, String path) {}

  private static List<Seen> seen(FsContext fs) {
    Mount top = fs.root().mount();
    for (Location point = top.mountpoint(); point != null; point = top.mountpoint()) {
      top = point.mount();
    }
    List<Mount> all = new ArrayList<>(List.of(top));
    List<Seen> seen = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Mount mount = all.get(i);
      List<Mount> below = new ArrayList<>(mount.children());
      below.sort((a, b) -> Integer.compare(a.id(), b.id()));
      all.addAll(below);
      String path = PathName.of(mount.rootLocation(), fs.root());
      if (!path.startsWith("(")) {
        seen.add(new Seen(mount, path));
      }
    }
    return seen;
  }

  /** The lines of mounts, in the form of fstab(5). */
  static String table(FsContext fs) {
    StringBuilder text = new StringBuilder();
    for (Seen each : seen(fs)) {
      Mount mount = each.mount();
      text.append(escape(mount.source())).append(' ').append(escape(each.path())).append(' ');
      text.append(mount.fileSystem().type()).append(' ').append(mount.readOnly() ? "ro" : "rw");
      text.append(flags(mount)).append(mount.fileSystem().options()).append(" 0 0\n");
    }
    return text.toString();
  }

  /** The lines of mountinfo. */
  static String info(FsContext fs) {
    StringBuilder text = new StringBuilder();
    for (Seen each : seen(fs)) {
      Mount mount = each.mount();
      Location point = mount.mountpoint();
      long device = mount.fileSystem().device();
      text.append(mount.id()).append(' ');
      text.append(point == null ? mount.id() : point.mount().id()).append(' ');
      text.append(DeviceNumber.major(device)).append(':').append(DeviceNumber.minor(device));
      text.append(' ').append(escape(mount.root().pathInFileSystem()));
      text.append(' ').append(escape(each.path())).append(' ');
      text.append(mount.has(MountFlags.RDONLY) ? "ro" : "rw").append(flags(mount));
      switch (mount.propagation()) {
        case SHARED -> text.append(" shared:").append(mount.group());
        case UNBINDABLE -> text.append(" unbindable");
        case PRIVATE -> {}
      }
      text.append(" - ").append(mount.fileSystem().type()).append(' ');
      text.append(escape(mount.source())).append(' ');
      text.append(mount.fileSystem().readOnly() ? "ro" : "rw");
      text.append(mount.fileSystem().options()).append('\n');
    }
    return text.toString();
  }

  /** The lines of mountstats. */
  static String statistics(FsContext fs) {
    StringBuilder text = new StringBuilder();
    for (Seen each : seen(fs)) {
      text.append("device ").append(escape(each.mount().source())).append(" mounted on ");
      text.append(escape(each.path())).append(" with fstype ");
      text.append(each.mount().fileSystem().type()).append('\n');
    }
    return text.toString();
  }

  private static String flags(Mount mount) {
    return (mount.has(MountFlags.NOSUID) ? ",nosuid" : "")
        + (mount.has(MountFlags.NODEV) ? ",nodev" : "")
        + (mount.has(MountFlags.NOEXEC) ? ",noexec" : "")
        + (mount.has(MountFlags.NOATIME) ? ",noatime" : "")
        + (mount.has(MountFlags.NODIRATIME) ? ",nodiratime" : "")
        + (mount.has(MountFlags.RELATIME) ? ",relatime" : "")
        + (mount.has(MountFlags.NOSYMFOLLOW) ? ",nosymfollow" : "");
  }

  /** Blanks, tabs, newlines and backslashes in octal, as getmntent(3) reads them. */
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\t' || c == '\n' || c == '\\' || c == '#') {
        escaped.append('\\').append("0".repeat(c < 8 ? 2 : c < 64 ? 1 : 0));
        escaped.append(Integer.toOctalString(c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
