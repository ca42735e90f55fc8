package dev.bulwark.runtime.oci;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Programs to run along the container's life, those of each kind in order; they get the {@link
 * State} on standard input.
 *
 * @param prestart of the host, in the runtime's namespaces, before {@code createRuntime}
 * @param createRuntime of the host, in the runtime's namespaces, at the end of {@code create}
 * @param createContainer of the host, in the container's namespaces, after {@code createRuntime}
 * @param startContainer of the container, at the begin of {@code start}
 * @param poststart of the host, after the container's process was started
 * @param poststop of the host, after the container was deleted
 */
public record Hooks(
    List<Hook> prestart,
    List<Hook> createRuntime,
    List<Hook> createContainer,
    List<Hook> startContainer,
    List<Hook> poststart,
    List<Hook> poststop) {
  /** No hooks. */
  public static final Hooks NONE =
      new Hooks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /**
   * One program.
   *
   * @param path absolute
   * @param args with the zeroth; empty for the path alone
   * @param env {@code NAME=value} each, all that it gets
   * @param timeout in seconds, at least 1; null to wait for ever
   */
  public record Hook(String path, List<String> args, List<String> env, @Nullable Integer timeout) {}
}
