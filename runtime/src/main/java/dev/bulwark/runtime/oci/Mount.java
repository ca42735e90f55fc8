package dev.bulwark.runtime.oci;

import java.util.List;

/**
 * A mount of the container.
 *
 * @param destination an absolute path in the container
 * @param type of file system; empty or {@code none} when an option says that it is a bind mount
 * @param source a path of the host for bind mounts, absolute or relative to the bundle; else free
 * @param options as they are written; {@link MountOptions} understands them
 */
public record Mount(String destination, String type, String source, List<String> options) {}
