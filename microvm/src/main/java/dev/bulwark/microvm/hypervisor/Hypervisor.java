package dev.bulwark.microvm.hypervisor;

/** Starts virtual machines. */
public interface Hypervisor {
  /**
   * Starts a machine. It ends with the thread that started it, at the latest.
   *
   * @throws MachineException when that is not possible here
   */
  Machine start(MachineSpec spec) throws MachineException;
}
