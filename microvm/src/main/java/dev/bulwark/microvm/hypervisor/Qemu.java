package dev.bulwark.microvm.hypervisor;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.linux.HostStream;
import dev.bulwark.linux.Spawn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * QEMU's q35 machine, which takes processors, memory and devices while it runs, in a jail and with
 * its own filter of system calls.
 */
public final class Qemu implements Hypervisor {
  private static final String PROGRAM = "/usr/bin/qemu-system-x86_64";
  private static final String PORT = "bulwark.agent";
  private static final int FIRST_TREE = 8;

  /** What QEMU keeps of translated code; its own choice would be a gigabyte. */
  private static final int TRANSLATIONS_MEBIBYTES = 64;

  private static final int O_RDWR = 2;
  private static final String KVM = "/dev/kvm";

  /** Where the time of a boot goes otherwise; what is left prints only errors. */
  private static final String COMMAND_LINE =
      "console=ttyS0 quiet loglevel=4 panic=-1 rdinit=/init tsc=reliable no_timer_check"
          + " noreplace-smp cryptomgr.notests rcupdate.rcu_expedited=1 8250.nr_uarts=1"
          + " random.trust_cpu=on i8042.noaux i8042.nomux i8042.nopnp i8042.dumbkbd";

  private final String jail;
  private final int log;

  /**
   * QEMU as it is installed on this host.
   *
   * @param jail path of the program that starts it
   * @param log descriptor that takes what it prints
   */
  public Qemu(String jail, int log) {
    this.jail = jail;
    this.log = log;
  }

  /**
   * Checks that it is there.
   *
   * @throws MachineException that names the package
   */
  public static void require() throws MachineException {
    if (!Files.isExecutable(Path.of(PROGRAM))) {
      throw new MachineException(
          PROGRAM
              + " is missing, which the vm wall needs: run 'apt-get install --no-install-recommends"
              + " qemu-system-x86' as root");
    }
  }

  /** What identifies the installed program: it changes with every other version. */
  static String identity() {
    try {
      Path program = Path.of(PROGRAM);
      return Files.size(program) + "-" + Files.getLastModifiedTime(program).toMillis();
    } catch (java.io.IOException missing) {
      return "missing";
    }
  }

  @Override
  public Machine start(MachineSpec spec) throws MachineException {
    require();
    List<Integer> opened = new ArrayList<>();
    try {
      int nothing = keep(opened, HostIo.open("/dev/null", O_RDWR, 0));
      int[] agent = HostStream.pair();
      int[] qmp = HostStream.pair();
      int[] console = HostStream.pair();
      keep(opened, agent[1]);
      keep(opened, qmp[1]);
      keep(opened, console[1]);
      int[] files = new int[FIRST_TREE + spec.trees().size()];
      files[0] = nothing;
      files[1] = log;
      files[2] = log;
      files[3] = agent[1];
      files[4] = qmp[1];
      files[5] = console[1];
      files[6] = nothing;
      files[7] = nothing;
      for (int i = 0; i < spec.trees().size(); i++) {
        files[FIRST_TREE + i] = spec.trees().get(i).fd();
      }
      int pid = Spawn.start(jail, command(spec), List.of(), files);
      return new QemuMachine(pid, agent[0], qmp[0], console[0]);
    } catch (HostException failure) {
      throw new MachineException("QEMU cannot be started: " + failure.getMessage());
    } finally {
      opened.forEach(HostIo::close);
    }
  }

  private static int keep(List<Integer> opened, int fd) {
    opened.add(fd);
    return fd;
  }

  private static List<String> command(MachineSpec spec) {
    boolean kvm = spec.acceleration() == Acceleration.KVM;
    List<String> words =
        new ArrayList<>(
            List.of("bulwark-jail", Objects.requireNonNull(spec.kernel().getParent()).toString()));
    StringBuilder access = new StringBuilder();
    spec.trees().forEach(tree -> access.append(tree.readOnly() ? 'r' : 'w'));
    words.add(access.toString());
    if (kvm) {
      words.add(KVM);
    }
    words.addAll(List.of("--", PROGRAM, "-nodefaults", "-no-user-config", "-display", "none"));
    words.addAll(List.of("-no-reboot", "-name", "bulwark", "-M", "q35"));
    words.addAll(List.of("-accel", kvm ? "kvm" : "tcg,tb-size=" + TRANSLATIONS_MEBIBYTES));
    words.addAll(List.of("-cpu", kvm ? "host" : "max"));
    words.addAll(List.of("-smp", Integer.toString(spec.processors())));
    words.addAll(List.of("-m", spec.memoryMebibytes() + "M"));
    words.addAll(List.of("-kernel", "/image/" + spec.kernel().getFileName()));
    words.addAll(List.of("-initrd", "/image/" + spec.initialFileSystem().getFileName()));
    words.addAll(List.of("-append", COMMAND_LINE));
    words.addAll(List.of("-chardev", "socket,id=console,fd=5", "-serial", "chardev:console"));
    words.addAll(List.of("-chardev", "socket,id=qmp,fd=4", "-mon", "chardev=qmp,mode=control"));
    words.addAll(List.of("-device", "virtio-serial-pci,id=serial,max_ports=4"));
    words.addAll(List.of("-chardev", "socket,id=agent,fd=3", "-device"));
    words.add("virtserialport,bus=serial.0,chardev=agent,name=" + PORT + ",nr=1");
    words.addAll(List.of("-device", "virtio-rng-pci"));
    if (!spec.trees().isEmpty()) {
      words.add("-fsdev");
      words.add("local,id=trees,path=/trees,security_model=passthrough,multidevs=remap");
      words.addAll(List.of("-device", "virtio-9p-pci,fsdev=trees,mount_tag=trees"));
    }
    words.addAll(
        List.of(
            "-sandbox",
            "on,obsolete=deny,elevateprivileges=deny,spawn=deny" + ",resourcecontrol=deny"));
    return words;
  }
}
