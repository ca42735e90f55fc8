package dev.bulwark.control;

/**
 * A device node, FIFO or symbolic link to be made before the first program runs.
 *
 * @param path absolute path inside the sandbox
 * @param mode file type and permission bits (inode(7))
 * @param major of the device
 * @param minor of the device
 * @param target of a symbolic link
 */
public record DeviceSpec(
    String path, int mode, int major, int minor, int uid, int gid, String target) {
  /** A symbolic link. */
  public static DeviceSpec link(String path, String target) {
    return new DeviceSpec(path, 0120777, 0, 0, 0, 0, target);
  }

  /** A character device that everybody may use. */
  public static DeviceSpec character(String path, int major, int minor) {
    return new DeviceSpec(path, 020666, major, minor, 0, 0, "");
  }

  void encode(WireWriter to) {
    to.string(path).number(mode).number(major).number(minor).number(uid).number(gid).string(target);
  }

  static DeviceSpec decode(WireReader from) throws MalformedException {
    return new DeviceSpec(
        from.string(),
        from.integer(),
        from.integer(),
        from.integer(),
        from.integer(),
        from.integer(),
        from.string());
  }
}
