package dev.bulwark.runtime.container;

import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.json.Field;
import dev.bulwark.runtime.json.JsonDocument;
import dev.bulwark.runtime.json.JsonWriter;
import java.util.List;
import java.util.Map;

/**
 * What the state file of a container says.
 *
 * @param id its name
 * @param ociVersion of its configuration
 * @param bundle absolute path of its bundle
 * @param rootfs absolute path of its root file system
 * @param wall what it is behind
 * @param created when it was made, RFC 3339
 * @param keeper the process on the host that ends with its first process
 * @param phase how far it came
 * @param paused whether its processes are frozen
 * @param cgroups directories of its cgroups
 * @param annotations of its configuration
 */
record ContainerRecord(
    String id,
    String ociVersion,
    String bundle,
    String rootfs,
    String wall,
    String created,
    HostProcess keeper,
    Phase phase,
    boolean paused,
    List<String> cgroups,
    Map<String, String> annotations) {
  static final String FILE = "state.json";

  /** How far a container came, as the commands know it. */
  enum Phase {
    CREATING,
    CREATED,
    STARTED
  }

  ContainerRecord withKeeper(HostProcess process) {
    return new ContainerRecord(
        id,
        ociVersion,
        bundle,
        rootfs,
        wall,
        created,
        process,
        phase,
        paused,
        cgroups,
        annotations);
  }

  ContainerRecord in(Phase next) {
    return new ContainerRecord(
        id, ociVersion, bundle, rootfs, wall, created, keeper, next, paused, cgroups, annotations);
  }

  ContainerRecord paused(boolean now) {
    return new ContainerRecord(
        id, ociVersion, bundle, rootfs, wall, created, keeper, phase, now, cgroups, annotations);
  }

  ContainerRecord withCgroups(List<String> directories) {
    return new ContainerRecord(
        id,
        ociVersion,
        bundle,
        rootfs,
        wall,
        created,
        keeper,
        phase,
        paused,
        directories,
        annotations);
  }

  byte[] toBytes() {
    return JsonWriter.indented("  ")
        .object()
        .add("id", id)
        .add("ociVersion", ociVersion)
        .add("bundle", bundle)
        .add("rootfs", rootfs)
        .add("wall", wall)
        .add("created", created)
        .add("pid", keeper.pid())
        .add("pidStarted", keeper.started())
        .add("phase", phase.name())
        .add("paused", paused)
        .add("cgroups", cgroups)
        .add("annotations", annotations)
        .endObject()
        .toBytes();
  }

  static ContainerRecord of(byte[] bytes) throws ConfigException {
    Field top = JsonDocument.read(FILE, bytes).requireObject();
    return new ContainerRecord(
        top.require("id").text(),
        top.require("ociVersion").text(),
        top.require("bundle").text(),
        top.require("rootfs").text(),
        top.require("wall").text(),
        top.require("created").text(),
        new HostProcess(
            (int) top.require("pid").integer(0, Integer.MAX_VALUE),
            top.require("pidStarted").integer(0, Long.MAX_VALUE)),
        phase(top.require("phase")),
        top.require("paused").flag(),
        top.require("cgroups").texts(),
        top.require("annotations").textMap());
  }

  private static Phase phase(Field field) throws ConfigException {
    for (Phase phase : Phase.values()) {
      if (phase.name().equals(field.text())) {
        return phase;
      }
    }
    throw field.refuse("is no phase of a container");
  }
}
