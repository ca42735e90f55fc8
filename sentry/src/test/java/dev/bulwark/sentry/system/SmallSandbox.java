package dev.bulwark.sentry.system;

import dev.bulwark.linux.Errno;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Platform;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.fs.dev.DevTree;
import dev.bulwark.sentry.fs.devpts.Devpts;
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
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import dev.bulwark.sentry.vfs.MountNamespace;
import dev.bulwark.sentry.vfs.Names;
import dev.bulwark.sentry.vfs.NewFile;
import dev.bulwark.sentry.vfs.OpenFlags;
import dev.bulwark.sentry.vfs.Opener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A sandbox with a tmpfs as its root, which runs one command to its end. */
final class SmallSandbox {
  private static final long ROOT_BYTES = 64 << 20;
  private static final Credentials ROOT = Credentials.of(0, 0, new int[0], Capability.ALL);

  private final Kernel kernel = new Kernel(new ChildNotices());
  private final MountNamespace mounts;
  private final FsContext fs;
  private final Platform platform;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  SmallSandbox(Platform platform) {
    this.platform = platform;
    mounts = mounts();
    fs = FsContext.at(mounts.root());
    kernel.install(
        new Machine(
            platform,
            new HostCpu(0, 0, 3632),
            new MemoryAccount(
                MemoryAccount.UNLIMITED, platform.minimumAddress(), platform.maximumAddress()),
            Topics.table()));
  }

  /** A tmpfs, with devices in it. */
  private MountNamespace mounts() {
    try {
      MountNamespace mounts = new MountNamespace(new Tmpfs(ROOT_BYTES, 0755, 0, 0), 0, "none");
      mounts.root().inode().mkdir("dev", new NewFile(Attributes.DIRECTORY | 0755, 0, 0));
      DevTree.register(kernel.specialFiles());
      mount(mounts, "/dev", DevTree.build());
      mount(mounts, "/dev/pts", new Devpts(kernel.terminals()));
      return mounts;
    } catch (ErrnoException e) {
      throw new AssertionError(e);
    }
  }

  private static void mount(MountNamespace mounts, String path, FileSystem what)
      throws ErrnoException {
    Location at = FsContext.at(mounts.root()).walk(ROOT).find(path, true);
    mounts.mount(at, what.rootDentry(), 0, "none");
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

  /** Mounts a file system at a directory of the root, which is made. */
  void mount(String path, FileSystem what) throws ErrnoException {
    directory(path);
    mounts.mount(fs.walk(ROOT).find(path, true), what.rootDentry(), 0, what.type());
  }

  private void directory(String path) throws ErrnoException {
    for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
      String part = slash < 0 ? path : path.substring(0, slash);
      try {
        Names.mkdir(fs.walk(ROOT), part, 0755);
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
      if (slash < 0) {
        return;
      }
    }
  }

  /** Puts a program of the host with the libraries that it needs where they are on the host. */
  void installWithLibraries(String program) throws Exception {
    Process ldd = new ProcessBuilder("ldd", program).redirectErrorStream(true).start();
    List<String> files = new ArrayList<>(List.of(program));
    String said = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    for (String word : said.split("\\s+", -1)) {
      if (word.startsWith("/") && !word.endsWith(":")) {
        files.add(word);
      }
    }
    ldd.waitFor();
    for (String file : files) {
      directory(file.substring(0, file.lastIndexOf('/')));
      install(Path.of(file), file.substring(1));
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
