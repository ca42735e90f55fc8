package dev.bulwark.microvm.hypervisor;

/** Who executes a guest's instructions. */
public enum Acceleration {
  /** The processor, under the host kernel's control. */
  KVM,
  /** QEMU's translator: needs nothing, and is several times slower. */
  TCG;

  /** The word for it on command lines. */
  public String word() {
    return this == KVM ? "kvm" : "tcg";
  }
}
