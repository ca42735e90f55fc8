package dev.bulwark.microvm.monitor;

import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;

/**
 * The container's files in the guest. Trees of the host come by 9p. Where what is written is not to
 * stay, an overlay in the guest's memory lies over them, which also takes what 9p refuses (named
 * pipes, devices and sockets).
 */
final class GuestFiles {
  static final String DIRECTORY = "/run/bulwark";

  private static final String TREES = DIRECTORY + "/trees";
  private static final String MEMORY = DIRECTORY + "/memory";
  private static final String MERGED = DIRECTORY + "/root";
  private static final long MS_RDONLY = 1;
  private static final String NINE_P = "trans=virtio,version=9p2000.L,msize=512000,cache=";

  private final String root;

  private GuestFiles(String root) {
    this.root = root;
  }

  /**
   * Mounts everything. A root that cannot be changed gets an overlay: places to mount on have to be
   * made in it.
   *
   * @param access a letter for each tree of the host, w when it can be changed from here
   */
  static GuestFiles mount(AgentConnection agent, String access) throws AgentException {
    boolean changing = !access.equals("r"); // others than the root are the host's to change too
    // Only what nobody is to change may be remembered; shared mappings need a cache of pages.
    agent.mount(
        "trees", TREES, "9p", changing ? 0 : MS_RDONLY, NINE_P + (changing ? "mmap" : "loose"));
    if (access.charAt(0) == 'w') {
      return new GuestFiles(TREES + "/0");
    }
    agent.mount("tmpfs", MEMORY, "tmpfs", 0, "mode=755");
    agent.makeDirectory(MEMORY + "/upper", 0755);
    agent.makeDirectory(MEMORY + "/work", 0755);
    agent.mount(
        "overlay",
        MERGED,
        "overlay",
        0,
        "lowerdir=" + TREES + "/0,upperdir=" + MEMORY + "/upper,workdir=" + MEMORY + "/work");
    return new GuestFiles(MERGED);
  }

  /** Path of the container's root file system. */
  String root() {
    return root;
  }

  /** Path of a tree of the host. */
  String tree(int number) {
    return TREES + "/" + number;
  }
}
