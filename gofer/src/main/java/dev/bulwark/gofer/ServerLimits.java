package dev.bulwark.gofer;

/**
 * How much a client may make the server hold.
 *
 * @param nodes how many nodes it may know at once
 * @param descriptors how many of them have a descriptor at once
 */
public record ServerLimits(int nodes, int descriptors) {
  /** For a process with some 64 MiB of heap and the usual 20,000 descriptors or more. */
  public static final ServerLimits DEFAULT = new ServerLimits(131072, 8192);
}
