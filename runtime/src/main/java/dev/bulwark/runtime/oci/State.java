package dev.bulwark.runtime.oci;

import dev.bulwark.runtime.json.JsonWriter;
import java.util.Map;

/**
 * The state of a container, as {@code state} prints it and hooks get it on standard input.
 *
 * @param ociVersion the version of the specification that the document follows
 * @param id the container's
 * @param status what it is doing
 * @param pid of its first process on the host; 0 when it has none
 * @param bundle absolute path
 * @param annotations of its configuration
 */
public record State(
    String ociVersion,
    String id,
    Status status,
    int pid,
    String bundle,
    Map<String, String> annotations) {
  /** What a container is doing. */
  public enum Status {
    /** It is being made; hooks of {@code create} see this. */
    CREATING,
    /** It was made and waits for {@code start}. */
    CREATED,
    /** Its program runs. */
    RUNNING,
    /** Its processes are frozen; runc's word, not the specification's. */
    PAUSED,
    /** Its first process has ended. */
    STOPPED;

    /** Its name in documents. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The document for standard input of hooks: one line. */
  public byte[] forHooks() {
    JsonWriter out = JsonWriter.compact().object();
    out.add("ociVersion", ociVersion).add("id", id).add("status", status.word());
    if (pid != 0) {
      out.add("pid", pid);
    }
    out.add("bundle", bundle);
    if (!annotations.isEmpty()) {
      out.add("annotations", annotations);
    }
    return out.endObject().toBytes();
  }

  /**
   * The document that {@code state} prints, with the members that runc adds.
   *
   * @param rootfs absolute path of the root file system
   * @param created when it was created, RFC 3339
   * @param owner name of the user that created it
   */
  public byte[] forPeople(String rootfs, String created, String owner) {
    JsonWriter out = JsonWriter.indented("  ").object();
    out.add("ociVersion", ociVersion)
        .add("id", id)
        .add("pid", pid)
        .add("status", status.word())
        .add("bundle", bundle)
        .add("rootfs", rootfs)
        .add("created", created);
    if (!annotations.isEmpty()) {
      out.add("annotations", annotations);
    }
    return out.add("owner", owner).endObject().toBytes();
  }
}
