package dev.bulwark.runtime.cgroup;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import java.util.List;

/** Makes and removes directories of cgroups. */
final class CgroupDirectories {
  private static final int MAX_DEPTH = 32;
  private static final int FIRST_WAIT_MILLIS = 1;
  private static final int LONGEST_WAIT_MILLIS = 50;
  private static final String DEFAULT_PARENT = "/bulwark";

  private final CgroupTree tree;

  CgroupDirectories(CgroupTree tree) {
    this.tree = tree;
  }

  /** Makes a directory and its parents, and passes on to them what children of a cgroup lack. */
  void make(CgroupHost.Hierarchy hierarchy, String directory, boolean cpuset, boolean v2)
      throws CgroupException {
    String parent = hierarchy.mountPoint();
    List<String> names = List.of(directory.substring(parent.length() + 1).split("/", -1));
    try {
      for (int attempt = 0; ; attempt++) {
        try {
          String at = parent;
          for (String name : names) {
            if (v2) {
              enableControllers(at);
            }
            String child = at + "/" + name;
            tree.makeDirectory(child);
            if (cpuset) {
              inherit(at, child, "/cpuset.cpus");
              inherit(at, child, "/cpuset.mems");
            }
            at = child;
          }
          return;
        } catch (HostException e) {
          // Another command may have removed the common parent after its last container.
          if (e.errno() != Errno.ENOENT || attempt == 10) {
            throw e;
          }
        }
      }
    } catch (HostException e) {
      throw new CgroupException(e.getMessage());
    }
  }

  /** Turns on for the children what a cgroup of v2 has, as far as that can be. */
  private void enableControllers(String directory) throws HostException {
    String all = tree.read(directory + "/cgroup.controllers");
    String enabled = tree.read(directory + "/cgroup.subtree_control");
    if (all == null || enabled == null) {
      return;
    }
    String on = " " + enabled + " ";
    for (String controller : all.split(" ", -1)) {
      if (!controller.isEmpty() && !on.contains(" " + controller + " ")) {
        try {
          tree.write(directory + "/cgroup.subtree_control", "+" + controller);
        } catch (HostException e) {
          // Missed by whoever needs it, who says so.
        }
      }
    }
  }

  /** A new cgroup of cpuset on v1 is empty, and takes no process so. */
  private void inherit(String parent, String child, String file) throws HostException {
    String own = tree.read(child + file);
    String value = tree.read(parent + file);
    if (own != null && own.isEmpty() && value != null) {
      tree.write(child + file, value);
    }
  }

  /**
   * Removes directories and what is below them, as far as they are there.
   *
   * @param millis how long to try while they are busy
   */
  void remove(List<String> paths, long millis) throws CgroupException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    for (String directory : paths) {
      int wait = FIRST_WAIT_MILLIS;
      while (true) {
        try {
          removeTree(directory, 0);
          break;
        } catch (HostException e) {
          if (e.errno() != Errno.EBUSY || System.nanoTime() > deadline || !pause(wait)) {
            throw new CgroupException(e.getMessage());
          }
        }
        wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
      }
      String parent = directory.substring(0, Math.max(directory.lastIndexOf('/'), 0));
      if (parent.endsWith(DEFAULT_PARENT)) {
        try {
          tree.removeDirectory(parent);
        } catch (HostException e) {
          // Other containers are in it.
        }
      }
    }
  }

  private void removeTree(String directory, int depth) throws HostException {
    if (depth <= MAX_DEPTH) {
      for (String child : tree.children(directory)) {
        removeTree(directory + "/" + child, depth + 1);
      }
    }
    tree.removeDirectory(directory);
  }

  /** Waits; false when the thread is to end. */
  static boolean pause(int millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
