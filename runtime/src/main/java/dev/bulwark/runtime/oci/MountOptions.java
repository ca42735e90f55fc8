package dev.bulwark.runtime.oci;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a mount, understood as runc does: later ones win over earlier ones.
 *
 * @param bind whether it is a bind mount
 * @param recursive whether mounts below its source come with it
 * @param flags {@code MS_} bits of mount(2) to set, without MS_BIND, MS_REC and propagation
 * @param cleared {@code MS_} bits that were asked not to be set
 * @param recursiveFlags {@code MS_} bits to set on mounts below it also ({@code rro})
 * @param recursiveCleared {@code MS_} bits to clear on mounts below it also ({@code rrw})
 * @param propagation {@code private}, {@code rslave} and so on, in order
 * @param copyUp whether a tmpfs begins with what it hides ({@code tmpcopyup})
 * @param idmapped whether ids are to be mapped ({@code idmap}, {@code ridmap})
 * @param data what remains for the file system itself, {@code size=64m}
 */
public record MountOptions(
    boolean bind,
    boolean recursive,
    int flags,
    int cleared,
    int recursiveFlags,
    int recursiveCleared,
    List<String> propagation,
    boolean copyUp,
    boolean idmapped,
    List<String> data) {
  /** Cannot be written to. */
  public static final int MS_RDONLY = 1;

  /** No set-user-ID. */
  public static final int MS_NOSUID = 2;

  /** No device nodes. */
  public static final int MS_NODEV = 4;

  /** No execution. */
  public static final int MS_NOEXEC = 8;

  /** Writes go through at once. */
  public static final int MS_SYNCHRONOUS = 16;

  /** Changes of directories go through at once. */
  public static final int MS_DIRSYNC = 128;

  /** No symbolic link is followed. */
  public static final int MS_NOSYMFOLLOW = 256;

  /** Access times stay. */
  public static final int MS_NOATIME = 1024;

  /** Access times of directories stay. */
  public static final int MS_NODIRATIME = 2048;

  /** Access times change when they were older than the last change. */
  public static final int MS_RELATIME = 1 << 21;

  /** Access times always change. */
  public static final int MS_STRICTATIME = 1 << 24;

  /** Times are written late. */
  public static final int MS_LAZYTIME = 1 << 25;

  private static final int MS_MANDLOCK = 64;
  private static final int MS_SILENT = 1 << 15;
  private static final int MS_I_VERSION = 1 << 23;

  private static final int ATIME = MS_NOATIME | MS_RELATIME | MS_STRICTATIME;

  /** Options that set bits; those that clear bits have a negative number. */
  private static final Map<String, Integer> FLAGS = new HashMap<>();

  static {
    FLAGS.put("ro", MS_RDONLY);
    FLAGS.put("rw", -MS_RDONLY);
    FLAGS.put("nosuid", MS_NOSUID);
    FLAGS.put("suid", -MS_NOSUID);
    FLAGS.put("nodev", MS_NODEV);
    FLAGS.put("dev", -MS_NODEV);
    FLAGS.put("noexec", MS_NOEXEC);
    FLAGS.put("exec", -MS_NOEXEC);
    FLAGS.put("sync", MS_SYNCHRONOUS);
    FLAGS.put("async", -MS_SYNCHRONOUS);
    FLAGS.put("dirsync", MS_DIRSYNC);
    FLAGS.put("nosymfollow", MS_NOSYMFOLLOW);
    FLAGS.put("symfollow", -MS_NOSYMFOLLOW);
    FLAGS.put("noatime", MS_NOATIME);
    FLAGS.put("atime", -MS_NOATIME);
    FLAGS.put("nodiratime", MS_NODIRATIME);
    FLAGS.put("diratime", -MS_NODIRATIME);
    FLAGS.put("relatime", MS_RELATIME);
    FLAGS.put("norelatime", -MS_RELATIME);
    FLAGS.put("strictatime", MS_STRICTATIME);
    FLAGS.put("nostrictatime", -MS_STRICTATIME);
    FLAGS.put("lazytime", MS_LAZYTIME);
    FLAGS.put("nolazytime", -MS_LAZYTIME);
    FLAGS.put("mand", MS_MANDLOCK);
    FLAGS.put("nomand", -MS_MANDLOCK);
    FLAGS.put("silent", MS_SILENT);
    FLAGS.put("loud", -MS_SILENT);
    FLAGS.put("iversion", MS_I_VERSION);
    FLAGS.put("noiversion", -MS_I_VERSION);
  }

  /** Understands a mount's options; unknown ones are the file system's own. */
  public static MountOptions of(Mount mount) {
    // The type alone says so too, for runc.
    boolean bind = mount.type().equals("bind");
    boolean recursive = false;
    boolean copyUp = false;
    boolean idmapped = false;
    int[] here = new int[2];
    int[] below = new int[2];
    List<String> propagation = new ArrayList<>();
    List<String> data = new ArrayList<>();
    for (String option : mount.options()) {
      Integer flag = FLAGS.get(option);
      Integer deep = option.startsWith("r") ? recursiveFlag(option.substring(1)) : null;
      if (flag != null) {
        set(here, flag);
      } else if (deep != null) {
        set(below, deep);
      } else {
        switch (option) {
          case "bind" -> bind = true;
          case "rbind" -> {
            bind = true;
            recursive = true;
          }
          case "private",
              "rprivate",
              "slave",
              "rslave",
              "shared",
              "rshared",
              "unbindable",
              "runbindable" ->
              propagation.add(option);
          case "tmpcopyup" -> copyUp = true;
          case "idmap", "ridmap" -> idmapped = true;
          case "defaults", "remount", "" -> {
            // Nothing to do: a mount of a bundle is always made anew.
          }
          default -> data.add(option);
        }
      }
    }
    return new MountOptions(
        bind,
        recursive,
        here[0],
        here[1],
        below[0],
        below[1],
        List.copyOf(propagation),
        copyUp,
        idmapped,
        List.copyOf(data));
  }

  /** Names of all options that are understood, sorted, as {@code features} lists them. */
  public static List<String> known() {
    List<String> names = new ArrayList<>(FLAGS.keySet());
    for (String name : FLAGS.keySet()) {
      if (recursiveFlag(name) != null) {
        names.add("r" + name);
      }
    }
    names.addAll(
        List.of(
            "bind",
            "rbind",
            "private",
            "rprivate",
            "slave",
            "rslave",
            "unbindable",
            "runbindable"));
    names.addAll(List.of("defaults", "remount", "tmpcopyup"));
    names.sort(null);
    return names;
  }

  /** What mount_setattr(2) can change of a whole tree. */
  private static @Nullable Integer recursiveFlag(String name) {
    Integer flag = FLAGS.get(name);
    int able =
        MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOSYMFOLLOW | ATIME | MS_NODIRATIME;
    return flag != null && (Math.abs(flag) & able) != 0 ? flag : null;
  }

  private static void set(int[] setAndCleared, int flag) {
    int bits = Math.abs(flag);
    int into = flag > 0 ? 0 : 1;
    if (flag > 0 && (bits & ATIME) != 0) {
      setAndCleared[0] &= ~ATIME;
    }
    setAndCleared[into] |= bits;
    setAndCleared[1 - into] &= ~bits;
  }
}
