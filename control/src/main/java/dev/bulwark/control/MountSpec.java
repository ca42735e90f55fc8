package dev.bulwark.control;

/**
 * Something to be mounted before the first program runs, as mount(2) takes it.
 *
 * @param destination absolute path inside the sandbox
 * @param type of the file system, or {@link #BIND}
 * @param source what mount tables show
 * @param tree of a bind mount: which of the Gofer's trees; otherwise {@link #NO_TREE}
 * @param flags MS_ bits
 * @param data the file system's own options
 */
public record MountSpec(
    String destination, String type, String source, int tree, long flags, String data) {
  /** The type of mounts that come from the Gofer. */
  public static final String BIND = "bind";

  /** What mounts have that do not come from the Gofer. */
  public static final int NO_TREE = -1;

  /** MS_RDONLY of mount(2). */
  public static final long READ_ONLY = 1;

  /** MS_NOSUID of mount(2). */
  public static final long NO_SUID = 2;

  /** MS_NODEV of mount(2). */
  public static final long NO_DEV = 4;

  /** MS_NOEXEC of mount(2). */
  public static final long NO_EXEC = 8;

  void encode(WireWriter to) {
    to.string(destination).string(type).string(source).number(tree).number(flags).string(data);
  }

  static MountSpec decode(WireReader from) throws MalformedException {
    return new MountSpec(
        from.string(), from.string(), from.string(), from.integer(), from.number(), from.string());
  }
}
