package dev.bulwark.runtime.container;

import dev.bulwark.linux.HostException;
import dev.bulwark.runtime.Wall;
import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.oci.Config;
import dev.bulwark.runtime.oci.Documents;
import dev.bulwark.runtime.oci.State;

/** A container that exists, with its directory open. Not thread-safe. */
final class Container implements AutoCloseable {
  static final String CONFIG = "config.json";

  private final StateDirectory directory;
  private ContainerRecord record;

  private Container(StateDirectory directory, ContainerRecord record) {
    this.directory = directory;
    this.record = record;
  }

  /** Keeps a new container's first record. */
  static Container begin(StateDirectory directory, ContainerRecord record) throws HostException {
    Container container = new Container(directory, record);
    container.keep(record);
    return container;
  }

  /**
   * Opens a container to look at it.
   *
   * @throws ContainerException when it does not exist
   */
  static Container open(String root, String id) throws ContainerException, HostException {
    return read(StateDirectory.open(root, id));
  }

  /** Opens a container to change it, when no other command does. */
  static Container lock(String root, String id) throws ContainerException, HostException {
    StateDirectory directory = StateDirectory.open(root, id);
    directory.lock();
    return read(directory);
  }

  private static Container read(StateDirectory directory) throws ContainerException, HostException {
    byte[] bytes = directory.read(ContainerRecord.FILE);
    if (bytes == null) {
      directory.close();
      throw ContainerException.absent(directory.id());
    }
    try {
      return new Container(directory, ContainerRecord.of(bytes));
    } catch (ConfigException damaged) {
      directory.close();
      throw new ContainerException(
          "the state of container " + directory.id() + " is damaged: " + damaged.getMessage());
    }
  }

  StateDirectory directory() {
    return directory;
  }

  ContainerRecord record() {
    return record;
  }

  String id() {
    return record.id();
  }

  /** Replaces the record. */
  void keep(ContainerRecord next) throws HostException {
    directory.replace(ContainerRecord.FILE, next.toBytes());
    record = next;
  }

  /** What it is behind. */
  Wall wall() throws ContainerException {
    Wall wall = Wall.named(record.wall(), "auto");
    if (wall == null) {
      throw new ContainerException(
          "the state of container "
              + record.id()
              + " is damaged: there is no wall "
              + record.wall());
    }
    return wall;
  }

  /** Its configuration. */
  Config config() throws ContainerException, HostException {
    byte[] bytes = directory.read(CONFIG);
    if (bytes == null) {
      throw ContainerException.absent(record.id());
    }
    try {
      return Documents.config(bytes);
    } catch (ConfigException damaged) {
      throw new ContainerException(damaged.getMessage());
    }
  }

  /** What it is doing. */
  State.Status status() {
    if (!record.keeper().alive()) {
      return record.phase() == ContainerRecord.Phase.CREATING && record.keeper().pid() == 0
          ? State.Status.CREATING
          : State.Status.STOPPED;
    }
    return switch (record.phase()) {
      case CREATING -> State.Status.CREATING;
      case CREATED -> record.paused() ? State.Status.PAUSED : State.Status.CREATED;
      case STARTED -> record.paused() ? State.Status.PAUSED : State.Status.RUNNING;
    };
  }

  /** What hooks and engines are told. */
  State state(State.Status status) {
    return new State(
        record.ociVersion(),
        record.id(),
        status,
        status == State.Status.STOPPED ? 0 : record.keeper().pid(),
        record.bundle(),
        record.annotations());
  }

  /** Whether programs of it run, or wait for their start. */
  boolean alive() {
    return record.keeper().alive();
  }

  @Override
  public void close() {
    directory.close();
  }
}
