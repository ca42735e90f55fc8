package dev.bulwark.microvm.hypervisor;

import dev.bulwark.microvm.agent.AgentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Finds out whether a machine runs under KVM here. That /dev/kvm can be opened proves nothing: a
 * paravirtual one takes a guest and never boots it. So one is booted, and the verdict kept for as
 * long as the host's kernel and QEMU stay what they are.
 */
public final class AccelerationProbe {
  private static final int BOOT_SECONDS = 10;

  private final Hypervisor hypervisor;
  private final Path verdicts;

  /**
   * A probe.
   *
   * @param verdicts directory that keeps what was found
   */
  public AccelerationProbe(Hypervisor hypervisor, Path verdicts) {
    this.hypervisor = hypervisor;
    this.verdicts = verdicts;
  }

  /** What was found, and whether it was found just now. */
  public record Verdict(Acceleration acceleration, boolean fresh) {}

  /**
   * What machines run best under here.
   *
   * @param kernel to boot
   * @param initialFileSystem to boot
   */
  public Verdict best(Path kernel, Path initialFileSystem) throws MachineException {
    if (!Files.exists(Path.of("/dev/kvm"))) {
      return new Verdict(Acceleration.TCG, false);
    }
    Path file =
        verdicts.resolve(
            "acceleration-" + System.getProperty("os.version") + "-" + Qemu.identity());
    try {
      if (Files.exists(file)) {
        boolean kvm = Files.readString(file).strip().equals(Acceleration.KVM.word());
        return new Verdict(kvm ? Acceleration.KVM : Acceleration.TCG, false);
      }
      Acceleration found = boots(kernel, initialFileSystem) ? Acceleration.KVM : Acceleration.TCG;
      Path fresh = Files.createTempFile(verdicts, "acceleration", ".new");
      Files.writeString(fresh, found.word() + "\n", StandardCharsets.US_ASCII);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      return new Verdict(found, true);
    } catch (IOException failure) {
      throw new MachineException("the probe of KVM cannot keep its verdict: " + failure);
    }
  }

  private boolean boots(Path kernel, Path initialFileSystem) throws MachineException {
    MachineSpec spec =
        new MachineSpec(kernel, initialFileSystem, 256, 1, Acceleration.KVM, List.of());
    try (Machine machine = hypervisor.start(spec)) {
      machine.agent().awaitHello(BOOT_SECONDS);
      return true;
    } catch (AgentException never) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
