package dev.bulwark.control;

/**
 * The capabilities of a process before its first execve(2), as bit masks over the numbers of
 * capabilities(7).
 */
public record CapabilitySets(
    long bounding, long effective, long inheritable, long permitted, long ambient) {

  /** The same bounding, effective and permitted set, nothing to inherit. */
  public static CapabilitySets of(long capabilities) {
    return new CapabilitySets(capabilities, capabilities, 0, capabilities, 0);
  }

  void encode(WireWriter to) {
    to.number(bounding).number(effective).number(inheritable).number(permitted).number(ambient);
  }

  static CapabilitySets decode(WireReader from) throws MalformedException {
    return new CapabilitySets(
        from.number(), from.number(), from.number(), from.number(), from.number());
  }
}
