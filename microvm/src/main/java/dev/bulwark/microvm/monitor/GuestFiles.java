package dev.bulwark.microvm.monitor;

import dev.bulwark.control.RootMode;
import dev.bulwark.microvm.agent.AgentConnection;
import dev.bulwark.microvm.agent.AgentException;

/**
 * The container's files in the guest. Trees of the host come by 9p. Where what is written is not to
 * stay, an overlay in the guest's memory lies over them, which also takes what 9p refuses (named
 * pipes, devices and sockets).
 */
final class GuestFiles {
  static final String DIRECTORY = "/run/bulwark";

  private static final String PLACE = DIRECTORY + "/tree";
  private static final String MEMORY = DIRECTORY + "/memory";
  private static final String MERGED = DIRECTORY + "/root";
  private static final long MS_RDONLY = 1;
  private static final String NINE_P = "trans=virtio,version=9p2000.L,msize=512000,cache=";

  private final String root;

  private GuestFiles(String root) {
    this.root = root;
  }

  /**
   * Mounts everything.
   *
   * @param trees how many there are; the first is the root file system
   */
  static GuestFiles mount(AgentConnection agent, RootMode mode, int trees) throws AgentException {
    boolean through = mode == RootMode.WRITE_THROUGH;
    for (int i = 0; i < trees; i++) {
      // Only what nobody is to change may be remembered; shared mappings need a cache of pages.
      boolean remembered = i == 0 && !through;
      agent.mount(
          "tree" + i,
          PLACE + i,
          "9p",
          remembered ? MS_RDONLY : 0,
          NINE_P + (remembered ? "loose" : "mmap"));
    }
    if (through) {
      return new GuestFiles(PLACE + 0);
    }
    agent.mount("tmpfs", MEMORY, "tmpfs", 0, "mode=755");
    agent.makeDirectory(MEMORY + "/upper", 0755);
    agent.makeDirectory(MEMORY + "/work", 0755);
    agent.mount(
        "overlay",
        MERGED,
        "overlay",
        0,
        "lowerdir=" + PLACE + "0,upperdir=" + MEMORY + "/upper,workdir=" + MEMORY + "/work");
    return new GuestFiles(MERGED);
  }

  /** Path of the container's root file system. */
  String root() {
    return root;
  }

  /** Path of a tree of the host. */
  String tree(int number) {
    return PLACE + number;
  }
}
