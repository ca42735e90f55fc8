package dev.bulwark.microvm.monitor;

import dev.bulwark.control.CommandServer;
import dev.bulwark.control.Inherited;
import dev.bulwark.control.KeeperLink;
import dev.bulwark.control.Keepers;
import dev.bulwark.control.MalformedException;
import dev.bulwark.control.Message;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.microvm.hypervisor.Acceleration;
import dev.bulwark.microvm.hypervisor.AccelerationProbe;
import dev.bulwark.microvm.hypervisor.Hypervisor;
import dev.bulwark.microvm.hypervisor.Machine;
import dev.bulwark.microvm.hypervisor.MachineException;
import dev.bulwark.microvm.hypervisor.MachineSpec;
import dev.bulwark.microvm.hypervisor.Qemu;
import dev.bulwark.microvm.image.GuestImage;
import dev.bulwark.microvm.image.ImageStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The entry point of a monitor: {@code HOME ACCELERATION ACCESS}, the last a letter for each tree,
 * w when it can be changed. What it was given as descriptors is in {@link Inherited}.
 */
public final class Main {
  private static final int LOG = 2;

  /** A guest's kernel, agent and tables, beside what a container may use. */
  private static final int OVERHEAD_MEBIBYTES = 160;

  private static final int USUAL_MEBIBYTES = 512;
  private static final int LEAST_MEBIBYTES = 256;

  private final Path home;
  private final String acceleration;
  private final String access;

  private Main(Path home, String acceleration, String access) {
    this.home = home;
    this.acceleration = acceleration;
    this.access = access;
  }

  /** Runs a container and tells its keeper how that ended. */
  public static void main(String[] arguments) {
    KeeperLink keeper = new KeeperLink(Inherited.MONITOR_CONTROL);
    Keepers keepers = new Keepers(keeper);
    GuestCommands commands = new GuestCommands(keepers);
    CommandServer server = new CommandServer(Inherited.MONITOR_LISTENER, commands);
    Message end =
        new Main(Path.of(arguments[0]), arguments[1], arguments[2])
            .run(keeper, keepers, commands, server);
    keepers.close();
    keepers.awaitEnd();
    server.settle();
    keeper.send(end);
    // Threads that wait for input would keep this process; the keeper ends it when it has read.
    Runtime.getRuntime().halt(0);
  }

  private Message run(
      KeeperLink keeper, Keepers keepers, GuestCommands commands, CommandServer server) {
    MonitorException why;
    try {
      SandboxSpec spec =
          SandboxSpec.decode(HostIo.readFile(Inherited.MONITOR_SPEC, SandboxSpec.MAXIMUM_BYTES));
      if (spec.waits()) {
        server.start();
      }
      long most = (long) (memory(spec) - OVERHEAD_MEBIBYTES) << 20;
      try (Machine machine = start(spec)) {
        return new Monitor(spec, access, most, keeper, keepers, commands).run(machine);
      }
    } catch (MonitorException failure) {
      why = failure;
    } catch (MachineException | HostException | MalformedException failure) {
      why = new MonitorException(Crun.FAILED, String.valueOf(failure.getMessage()));
    } catch (IOException failure) {
      why = new MonitorException(Crun.FAILED, "the guest image cannot be read: " + failure);
    } catch (InterruptedException interrupted) {
      why = new MonitorException(Crun.FAILED, "the monitor was interrupted");
    } catch (RuntimeException | Error mistake) {
      mistake.printStackTrace();
      why = new MonitorException(Crun.FAILED, "the monitor failed: " + mistake);
    }
    commands.failed(why);
    return new Message.Failed(why.exitCode(), why.getMessage());
  }

  private Machine start(SandboxSpec spec) throws MachineException, IOException {
    ImageStore store = ImageStore.of(home);
    GuestImage image = store.current();
    if (image == null) {
      throw new MachineException("there is no guest image: build one with 'bulwark image build'");
    }
    Path initial = image.initialFileSystem(home.resolve("lib/bulwark-agent"));
    Hypervisor hypervisor = new Qemu(home + "/lib/bulwark-jail", LOG);
    List<MachineSpec.SharedTree> shared = new ArrayList<>();
    for (int i = 0; i < access.length(); i++) {
      shared.add(new MachineSpec.SharedTree(Inherited.MONITOR_TREES + i, access.charAt(i) != 'w'));
    }
    return hypervisor.start(
        new MachineSpec(
            image.kernel(),
            initial,
            memory(spec),
            1,
            acceleration(hypervisor, store, image, initial),
            shared));
  }

  private static int memory(SandboxSpec spec) {
    long limit = spec.resources().memory() >> 20;
    return limit == 0
        ? USUAL_MEBIBYTES
        : Math.clamp(limit + OVERHEAD_MEBIBYTES, LEAST_MEBIBYTES, 1 << 20);
  }

  private Acceleration acceleration(
      Hypervisor hypervisor, ImageStore store, GuestImage image, Path initial)
      throws MachineException {
    if (!acceleration.equals("auto")) {
      return acceleration.equals("kvm") ? Acceleration.KVM : Acceleration.TCG;
    }
    AccelerationProbe.Verdict verdict =
        new AccelerationProbe(hypervisor, store.root()).best(image.kernel(), initial);
    if (verdict.fresh() && verdict.acceleration() == Acceleration.TCG) {
      tell(
          "bulwark: /dev/kvm does not boot a guest here, so machines are emulated: several times"
              + " slower, and QEMU does not support emulation as a security boundary\n");
    }
    return verdict.acceleration();
  }

  /** To whoever started the container, on its standard error. */
  private static void tell(String sentence) {
    try {
      HostIo.writeFully(
          Inherited.MONITOR_STDIO + 2,
          sentence.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    } catch (HostException nobodyListens) {
      // It was for people.
    }
  }
}
