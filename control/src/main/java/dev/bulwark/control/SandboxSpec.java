package dev.bulwark.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox is to run and how. It travels from the runtime command to the Sentry in a memory
 * file. Strings are byte strings (ISO-8859-1).
 *
 * @param process the first process
 * @param hostname what uname(2) tells
 * @param domainname what uname(2) tells; empty for none
 * @param root what becomes of writes to the root file system
 * @param mounts what is mounted over it, in their order
 * @param devices what is made in /dev, or elsewhere, after that
 * @param maskedPaths what is hidden
 * @param readonlyPaths what cannot be written although the mount that it is in can
 * @param sysctls {@code name=value} each, names with dots
 * @param resources what the sandbox's applications may use together
 * @param seccomp the filter of system calls that they run under; null for none
 * @param network what the Internet protocols reach
 * @param terminalSettings of the host's terminal as they are to be put back, for a Sentry that is
 *     left alone; empty when there is none
 * @param trace which calls to print
 * @param auxiliaryVector what the host's kernel told this machine's programs of the processor
 *     (/proc/self/auxv), since applications run on it directly
 * @param platform how system calls are caught
 * @param patchAfter how often a call site of an application traps before it is changed so that it
 *     does not; 0 for never to change any
 * @param waits whether the first process waits for {@link Request.Start}
 * @param debug whether the Sentry logs what it does
 */
public record SandboxSpec(
    ProcessSpec process,
    String hostname,
    String domainname,
    RootMode root,
    List<MountSpec> mounts,
    List<DeviceSpec> devices,
    List<String> maskedPaths,
    List<String> readonlyPaths,
    List<String> sysctls,
    ResourceLimits resources,
    @Nullable SeccompProfile seccomp,
    NetworkMode network,
    String terminalSettings,
    TraceSpec trace,
    String auxiliaryVector,
    PlatformChoice platform,
    int patchAfter,
    boolean waits,
    boolean debug) {

  /**
   * How often a call site traps before it is changed, unless something else is asked for: a change
   * costs as much as some ten traps.
   */
  public static final int PATCH_AFTER = 24;

  /** The most bytes a specification may take. */
  public static final int MAXIMUM_BYTES = 2 * ProcessSpec.MAXIMUM_BYTES;

  /** Makes the lists immutable. */
  public SandboxSpec {
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    maskedPaths = List.copyOf(maskedPaths);
    readonlyPaths = List.copyOf(readonlyPaths);
    sysctls = List.copyOf(sysctls);
  }

  /** The bytes that {@link #decode} reads. */
  public byte[] encode() {
    WireWriter to = new WireWriter();
    process.encode(to);
    to.string(hostname).string(domainname).number(List.of(RootMode.values()).indexOf(root));
    to.list(mounts, (mount, writer) -> mount.encode(writer));
    to.list(devices, (device, writer) -> device.encode(writer));
    to.strings(maskedPaths).strings(readonlyPaths).strings(sysctls);
    resources.encode(to);
    to.flag(seccomp != null);
    if (seccomp != null) {
      seccomp.encode(to);
    }
    return to.number(network.code())
        .string(terminalSettings)
        .flag(trace.enabled())
        .string(trace.filter())
        .string(auxiliaryVector)
        .number(List.of(PlatformChoice.values()).indexOf(platform))
        .number(patchAfter)
        .flag(waits)
        .flag(debug)
        .toBytes();
  }

  /**
   * Reads a specification.
   *
   * @throws MalformedException when the bytes are none
   */
  public static SandboxSpec decode(byte[] bytes) throws MalformedException {
    WireReader from = new WireReader(bytes, bytes.length);
    SandboxSpec spec =
        new SandboxSpec(
            ProcessSpec.decode(from),
            from.string(),
            from.string(),
            from.constant(RootMode.values()),
            from.list(48, MountSpec::decode),
            from.list(48, DeviceSpec::decode),
            from.strings(),
            from.strings(),
            from.strings(),
            ResourceLimits.decode(from),
            from.flag() ? SeccompProfile.decode(from) : null,
            NetworkMode.of(from.integer()),
            from.string(),
            new TraceSpec(from.flag(), from.string()),
            from.string(),
            from.constant(PlatformChoice.values()),
            from.integer(),
            from.flag(),
            from.flag());
    from.requireEnd();
    return spec;
  }
}
