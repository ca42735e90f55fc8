package dev.bulwark.sentry.system;

import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Platform;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.fs.tmpfs.Tmpfs;
import dev.bulwark.sentry.io.Bounce;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.kernel.Execution;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Machine;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.loader.ExecArguments;
import dev.bulwark.sentry.loader.HostCpu;
import dev.bulwark.sentry.mm.MemoryAccount;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.signal.ChildNotices;
import dev.bulwark.sentry.syscall.Topics;
import dev.bulwark.sentry.vfs.Attributes;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A sandbox with a tmpfs as its root, which runs one command to its end. */
final class SmallSandbox {
  private static final long ROOT_BYTES = 64 << 20;
  private static final Credentials ROOT = Credentials.of(0, 0, new int[0], Capability.ALL);

  private final Kernel kernel = new Kernel(new ChildNotices());
  private final FsContext fs;
  private final Platform platform;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  SmallSandbox(Platform platform) {
    this.platform = platform;
    fs = FsContext.at(new MountNamespace(new Tmpfs(ROOT_BYTES, 0755, 0, 0), 0, "none").root());
    kernel.install(
        new Machine(
            platform,
            new HostCpu(0, 0, 3632),
            new MemoryAccount(
                MemoryAccount.UNLIMITED, platform.minimumAddress(), platform.maximumAddress()),
            Topics.table()));
  }

  Kernel kernel() {
    return kernel;
  }

  /** Puts a file of the host into the root directory, executable. */
  void install(Path program, String name) throws IOException, ErrnoException {
    byte[] bytes = Files.readAllBytes(program);
    Opener opener = new Opener(fs.walk(ROOT), null);
    try (FileDescription file = opener.open("/" + name, OpenFlags.CREAT | OpenFlags.WRONLY, 0755);
        Bounce bounce = new Bounce(bytes.length)) {
      IoBuffer buffer = bounce.buffer(bytes.length);
      buffer.put(bytes, 0, bytes.length);
      long n = file.write(bounce.buffer(bytes.length), 0);
      if (n != bytes.length) {
        throw new AssertionError("wrote " + n);
      }
    }
  }

  /** Runs a command; its descriptors 1 and 2 are collected. */
  WaitStatus run(String... command) throws Exception {
    AddressSpace space = platform.newAddressSpace();
    Task task = new Task(1, space.firstContext()).in(kernel, kernel.processes().init());
    task.setCredentials(ROOT);
    task.setMemory(MemoryMap.create(space, task.process().limits(), kernel.account()));
    task.setFs(fs.share());
    FdTable files = new FdTable();
    for (int fd = 0; fd < 3; fd++) {
      files.replace(fd, new Sink(output), false);
    }
    task.setFiles(files);
    Execution.first(
        task,
        Execution.open(task, fs.walk(ROOT).find(command[0], true)),
        ExecArguments.of(command[0], List.of(command), List.of("PATH=/"), 8 << 20));
    kernel.startFirst(task);
    return kernel.ended().get();
  }

  String output() {
    return output.toString(StandardCharsets.ISO_8859_1);
  }

  /** Collects what is written. */
  private static final class Sink extends FileDescription {
    private final ByteArrayOutputStream to;

    Sink(ByteArrayOutputStream to) {
      super(OpenFlags.RDWR);
      this.to = to;
    }

    @Override
    public long read(IoBuffer buffer, long offset) {
      return 0;
    }

    @Override
    public synchronized long write(IoBuffer from, long offset) {
      byte[] bytes = new byte[(int) from.remaining()];
      long n = from.get(bytes, 0, bytes.length);
      if (n > 0) {
        to.write(bytes, 0, (int) n);
      }
      return n;
    }

    @Override
    public Attributes attributes() {
      return new Attributes(0, 1, Attributes.CHARACTER | 0600, 1, 0, 0, 0, 0, 4096, 0, 0, 0, 0, 0);
    }

    @Override
    public String describe() {
      return "sink";
    }
  }
}
