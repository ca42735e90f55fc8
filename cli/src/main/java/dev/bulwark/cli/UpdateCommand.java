package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.container.ContainerException;
import dev.bulwark.runtime.json.ConfigException;
import dev.bulwark.runtime.oci.Documents;
import dev.bulwark.runtime.oci.Resources;
import org.jspecify.annotations.Nullable;

/** {@code update}. */
final class UpdateCommand implements Command {
  private static final int LONGEST_DOCUMENT = (8 << 20) + 1;

  @Override
  public String name() {
    return "update";
  }

  @Override
  public String summary() {
    return "change the limits of a container";
  }

  @Override
  public String operands() {
    return "ID";
  }

  @Override
  public Options options() {
    return new Options()
        .value("resources", "r", "FILE", "a JSON document of linux.resources; - is standard input")
        .value("memory", null, "BYTES", "of memory; -1 for no limit")
        .value("memory-reservation", null, "BYTES", "of memory that the host leaves it")
        .value("memory-swap", null, "BYTES", "of memory and swap together; -1 for no limit")
        .value("cpu-period", null, "MICROSECONDS", "of the quota")
        .value("cpu-quota", null, "MICROSECONDS", "of CPU time in a period; -1 for no limit")
        .value("cpu-share", null, "SHARES", "weight against others")
        .value("cpuset-cpus", null, "LIST", "processors, such as 0-2,4")
        .value("cpuset-mems", null, "LIST", "memory nodes")
        .value("pids-limit", null, "N", "tasks; -1 for no limit");
  }

  @Override
  public int run(Call call) throws UsageException, ContainerException, HostException {
    String id = call.operand("the container's name");
    String document = call.given().last("resources").orElse(null);
    call.globals()
        .containers()
        .update(id, document == null ? resources(call.given()) : read(document));
    return 0;
  }

  private static Resources read(String path) throws ContainerException, HostException {
    int fd = path.equals("-") ? 0 : HostIo.open(path, 0, 0);
    try {
      return Documents.resources(fd == 0 ? readPipe() : HostIo.readFile(fd, LONGEST_DOCUMENT));
    } catch (ConfigException wrong) {
      throw new ContainerException(wrong.getMessage());
    } finally {
      if (fd != 0) {
        HostIo.close(fd);
      }
    }
  }

  private static byte[] readPipe() throws ContainerException {
    try {
      return System.in.readNBytes(LONGEST_DOCUMENT);
    } catch (java.io.IOException failure) {
      throw new ContainerException("standard input cannot be read: " + failure.getMessage());
    }
  }

  private static Resources resources(Options.Parsed given) throws UsageException {
    Resources.Memory memory =
        new Resources.Memory(
            number(given, "memory"),
            number(given, "memory-reservation"),
            number(given, "memory-swap"),
            null,
            null,
            null,
            null,
            false);
    Resources.Cpu cpu =
        new Resources.Cpu(
            number(given, "cpu-share"),
            number(given, "cpu-quota"),
            null,
            number(given, "cpu-period"),
            null,
            null,
            given.last("cpuset-cpus").orElse(""),
            given.last("cpuset-mems").orElse(""),
            null);
    Resources none = Resources.NONE;
    return new Resources(
        none.devices(),
        memory,
        cpu,
        number(given, "pids-limit"),
        none.blockIO(),
        none.hugepageLimits(),
        none.network(),
        none.rdma(),
        none.unified());
  }

  private static @Nullable Long number(Options.Parsed given, String name) throws UsageException {
    String text = given.last(name).orElse(null);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException notOne) {
      throw new UsageException("--" + name + " takes a number, not '" + text + "'");
    }
  }
}
