package dev.bulwark.microvm.hypervisor;

import dev.bulwark.microvm.agent.AgentConnection;

/** A virtual machine that was started. Thread-safe. */
public interface Machine extends AutoCloseable {
  /** The connection to the agent inside, which may not have come to life yet. */
  AgentConnection agent();

  /** Stops all processors of the guest. */
  void pause() throws MachineException;

  /** Lets them go on. */
  void resume() throws MachineException;

  /** The process of the host that executes the guest's programs. */
  int hostPid();

  /** The last lines of the guest's console; the guest's words, with nothing but printable ones. */
  String lastLines();

  /** Ends it, and waits until nothing of it is left. */
  @Override
  void close();
}
