package dev.bulwark.control;

import java.util.List;

/**
 * A process to start in a sandbox: its first one, or a further one. Strings are byte strings
 * (ISO-8859-1).
 *
 * @param arguments the command and its arguments; at least one
 * @param environment {@code NAME=value} each
 * @param workingDirectory absolute path inside the sandbox
 * @param user who it is
 * @param capabilities what it may do
 * @param limits resource limits that differ from the sandbox's own defaults
 * @param noNewPrivileges whether execve(2) may not raise privileges
 * @param oomScoreAdjust of proc(5), -1000 to 1000
 * @param terminals which of the descriptors 0, 1 and 2 are a terminal of the host that a terminal
 *     inside is joined to, as a bit mask
 * @param owners whose the descriptors 0, 1 and 2 are
 */
public record ProcessSpec(
    List<String> arguments,
    List<String> environment,
    String workingDirectory,
    UserSpec user,
    CapabilitySets capabilities,
    List<RlimitSpec> limits,
    boolean noNewPrivileges,
    int oomScoreAdjust,
    int terminals,
    List<FileOwner> owners) {

  /** The most bytes that it may take: what execve(2) admits for arguments, and some. */
  public static final int MAXIMUM_BYTES = 8 << 20;

  private static final int STREAMS = 3;

  /** Makes the lists immutable. */
  public ProcessSpec {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    limits = List.copyOf(limits);
    owners = List.copyOf(owners);
    if (owners.size() != STREAMS) {
      throw new IllegalArgumentException("owners of " + owners.size() + " standard files");
    }
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a process without a command");
    }
  }

  /** The bytes that {@link #decode(byte[])} reads. */
  public byte[] encode() {
    WireWriter to = new WireWriter();
    encode(to);
    return to.toBytes();
  }

  void encode(WireWriter to) {
    to.strings(arguments).strings(environment).string(workingDirectory);
    user.encode(to);
    capabilities.encode(to);
    to.list(limits, (limit, writer) -> limit.encode(writer));
    to.flag(noNewPrivileges).number(oomScoreAdjust).number(terminals);
    owners.forEach(owner -> owner.encode(to));
  }

  /**
   * Reads a specification.
   *
   * @throws MalformedException when the bytes are none
   */
  public static ProcessSpec decode(byte[] bytes) throws MalformedException {
    WireReader from = new WireReader(bytes, bytes.length);
    ProcessSpec spec = decode(from);
    from.requireEnd();
    return spec;
  }

  static ProcessSpec decode(WireReader from) throws MalformedException {
    List<String> arguments = from.strings();
    if (arguments.isEmpty()) {
      throw new MalformedException("there is no command");
    }
    return new ProcessSpec(
        arguments,
        from.strings(),
        from.string(),
        UserSpec.decode(from),
        CapabilitySets.decode(from),
        from.list(24, RlimitSpec::decode),
        from.flag(),
        from.integer(),
        from.integer(),
        List.of(FileOwner.decode(from), FileOwner.decode(from), FileOwner.decode(from)));
  }
}
