package dev.bulwark.control;

import java.util.List;

/**
 * What a sandbox is to run and how. It travels from the runtime command to the Sentry in a memory
 * file. Strings are byte strings (ISO-8859-1).
 *
 * @param arguments the command and its arguments; at least one
 * @param environment {@code NAME=value} each
 * @param workingDirectory absolute path inside the sandbox
 * @param user {@code USER[:GROUP]}, each a number or a name that the sandbox's /etc/passwd and
 *     /etc/group know; empty for root
 * @param hostname what uname(2) tells
 * @param root what becomes of writes to the root file system
 * @param memoryLimit bytes that the sandbox's applications may use together; 0 for no limit
 * @param terminals which of the application's descriptors 0, 1 and 2 are the host's terminal, as a
 *     bit mask
 * @param terminalSettings of the host's terminal as they are to be put back, for a Sentry that is
 *     left alone; empty when there is none
 * @param trace which calls to print
 * @param auxiliaryVector what the host's kernel told this machine's programs of the processor
 *     (/proc/self/auxv), since applications run on it directly
 * @param debug whether the Sentry logs what it does
 * @param network what the Internet protocols reach
 */
public record SandboxSpec(
    List<String> arguments,
    List<String> environment,
    String workingDirectory,
    String user,
    String hostname,
    RootMode root,
    long memoryLimit,
    int terminals,
    String terminalSettings,
    TraceSpec trace,
    String auxiliaryVector,
    boolean debug,
    NetworkMode network) {

  /** The most bytes a specification may take: what execve(2) admits for arguments, and some. */
  public static final int MAXIMUM_BYTES = 8 << 20;

  /** Makes the lists immutable. */
  public SandboxSpec {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a sandbox without a command");
    }
  }

  /** The bytes that {@link #decode} reads. */
  public byte[] encode() {
    return new WireWriter()
        .strings(arguments)
        .strings(environment)
        .string(workingDirectory)
        .string(user)
        .string(hostname)
        .number(code(root))
        .number(memoryLimit)
        .number(terminals)
        .string(terminalSettings)
        .flag(trace.enabled())
        .string(trace.filter())
        .string(auxiliaryVector)
        .flag(debug)
        .number(network.code())
        .toBytes();
  }

  /**
   * Reads a specification.
   *
   * @throws MalformedException when the bytes are none
   */
  public static SandboxSpec decode(byte[] bytes) throws MalformedException {
    WireReader reader = new WireReader(bytes, bytes.length);
    List<String> arguments = reader.strings();
    if (arguments.isEmpty()) {
      throw new MalformedException("there is no command");
    }
    SandboxSpec spec =
        new SandboxSpec(
            arguments,
            reader.strings(),
            reader.string(),
            reader.string(),
            reader.string(),
            rootMode(reader.integer()),
            reader.number(),
            reader.integer(),
            reader.string(),
            new TraceSpec(reader.flag(), reader.string()),
            reader.string(),
            reader.flag(),
            NetworkMode.of(reader.integer()));
    reader.requireEnd();
    return spec;
  }

  private static int code(RootMode mode) {
    return switch (mode) {
      case OVERLAY -> 0;
      case READ_ONLY -> 1;
      case WRITE_THROUGH -> 2;
    };
  }

  private static RootMode rootMode(int code) throws MalformedException {
    return switch (code) {
      case 0 -> RootMode.OVERLAY;
      case 1 -> RootMode.READ_ONLY;
      case 2 -> RootMode.WRITE_THROUGH;
      default -> throw new MalformedException("root mode " + code);
    };
  }
}
