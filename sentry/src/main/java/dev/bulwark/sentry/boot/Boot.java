package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.Message;
import dev.bulwark.control.NetworkMode;
import dev.bulwark.control.RootMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.systrap.SystrapPlatform;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Execution;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Machine;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.loader.ExecArguments;
import dev.bulwark.sentry.loader.HostCpu;
import dev.bulwark.sentry.mm.MemoryAccount;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.net.inet.HostStack;
import dev.bulwark.sentry.signal.ChildNotices;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.syscall.Topics;
import dev.bulwark.sentry.trace.TraceFilter;
import dev.bulwark.sentry.trace.Tracer;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Puts a sandbox together, in the order of the methods, and runs it. */
final class Boot {
  /** Capabilities of a container's root unless it is given others (docker run's default set). */
  private static final long BOUNDING = 0xa80425fbL;

  private final SandboxSpec spec;
  private final ControlLink link;
  private final StandardFiles files;

  Boot(SandboxSpec spec, ControlLink link) {
    this.spec = spec;
    this.link = link;
    this.files = new StandardFiles(spec);
  }

  /**
   * Runs the sandbox to its end.
   *
   * @return the report for the runtime command
   * @throws StartFailure when the command cannot be started
   * @throws IOException when the host refuses what the sandbox needs
   */
  Message run() throws StartFailure, IOException {
    SyscallTable calls = Topics.table();
    try (Platform platform =
        new SystrapPlatform(() -> failed("the process that starts others died"))) {
      Kernel kernel = kernel(platform, calls);
      trace(kernel);
      FsContext fs = mounts(kernel);
      Accounts.Identity identity = identity(fs);
      Credentials credentials = identity.credentials(BOUNDING);
      enterWorkingDirectory(fs, credentials);
      Task init = firstTask(kernel, fs, credentials);
      giveProgram(init, identity);
      listen(kernel);
      kernel.startFirst(init);
      link.send(new Message.Started());
      WaitStatus status = kernel.ended().join();
      files.flush();
      return EndReport.of(status, calls, kernel.notices().all());
    } catch (ErrnoException failure) {
      throw new IOException("putting the sandbox together: " + failure.getMessage());
    }
  }

  /** Ends the sandbox at once because one of its own processes did. */
  private void failed(String what) {
    link.send(new Message.Failed(StartFailure.RUNTIME_FAILED, "the sandbox has ended: " + what));
    Runtime.getRuntime().halt(1);
  }

  private Kernel kernel(Platform platform, SyscallTable calls) throws IOException {
    Kernel kernel = new Kernel(new ChildNotices());
    long limit = spec.memoryLimit() == 0 ? MemoryAccount.UNLIMITED : spec.memoryLimit();
    byte[] vector = spec.auxiliaryVector().getBytes(StandardCharsets.ISO_8859_1);
    kernel.install(
        new Machine(
            platform,
            HostCpu.ofAuxiliaryVector(vector),
            new MemoryAccount(limit, platform.minimumAddress(), platform.maximumAddress()),
            calls));
    kernel.names().setHost(spec.hostname());
    if (spec.network() == NetworkMode.HOST_STACK) {
      kernel.setNetwork(HostStack.start(kernel.inodeNumbers(), Inherited.SENTRY_PROC));
    }
    return kernel;
  }

  private void trace(Kernel kernel) throws StartFailure {
    if (!spec.trace().enabled()) {
      return;
    }
    try {
      String filter = spec.trace().filter();
      kernel.setTracer(
          new Tracer(
              filter.isEmpty() ? TraceFilter.all() : TraceFilter.parse(filter),
              new DescriptorOutput(Inherited.SENTRY_TRACE)));
    } catch (IllegalArgumentException wrong) {
      throw new StartFailure(StartFailure.BAD_OPTION, "--strace-filter: " + wrong.getMessage());
    }
  }

  private FsContext mounts(Kernel kernel) throws ErrnoException, IOException {
    FileSystem root = RootFiles.open(() -> failed("the Gofer died"));
    if (spec.root() == RootMode.OVERLAY) {
      root = RootFiles.keepingChanges(root, kernel);
    }
    return FsContext.at(Mounts.over(root, "root", kernel).root());
  }

  private Accounts.Identity identity(FsContext fs) throws StartFailure {
    Accounts accounts =
        new Accounts(SmallFile.read(fs, "/etc/passwd"), SmallFile.read(fs, "/etc/group"));
    Accounts.Identity identity = accounts.find(spec.user());
    if (identity == null) {
      throw new StartFailure(
          StartFailure.RUNTIME_FAILED,
          "the sandbox's /etc/passwd and /etc/group do not know '"
              + spec.user()
              + "': give numbers to --user");
    }
    return identity;
  }

  private void enterWorkingDirectory(FsContext fs, Credentials credentials) throws StartFailure {
    String path = spec.workingDirectory();
    try {
      Location directory = fs.walk(credentials).find(path, true);
      if (directory.inode().isDirectory()) {
        fs.setCwd(directory);
        return;
      }
    } catch (ErrnoException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME_FAILED,
          "the working directory "
              + path
              + " cannot be entered in the sandbox: "
              + failure.getMessage()
              + "; name another with --cwd");
    }
    throw new StartFailure(
        StartFailure.RUNTIME_FAILED,
        "the working directory " + path + " is no directory; name another with --cwd");
  }

  private Task firstTask(Kernel kernel, FsContext fs, Credentials credentials)
      throws IOException, ErrnoException {
    ThreadGroup process = kernel.processes().init();
    AddressSpace space = kernel.platform().newAddressSpace();
    Task init = new Task(process.pid(), space.firstContext()).in(kernel, process);
    init.setMemory(MemoryMap.create(space, process.limits(), kernel.account()));
    init.setCredentials(credentials);
    init.setFs(fs);
    files.open(kernel, init);
    return init;
  }

  private void giveProgram(Task init, Accounts.Identity identity) throws StartFailure {
    String command = spec.arguments().getFirst();
    List<String> environment = new ArrayList<>(spec.environment());
    if (environment.stream().noneMatch(entry -> entry.startsWith("HOME="))) {
      environment.add("HOME=" + identity.home());
    }
    CommandSearch.Found found =
        new CommandSearch(init.fs(), init.credentials()).open(command, environment);
    try {
      long stack = init.process().limits().soft(Limits.STACK);
      Execution.first(
          init,
          found.program(),
          ExecArguments.of(found.path(), spec.arguments(), environment, stack));
    } catch (ErrnoException failure) {
      throw CommandSearch.describe(command, failure.errno());
    }
  }

  private void listen(Kernel kernel) {
    ThreadGroup init = kernel.processes().init();
    new ControlServer(
            link, signal -> signal(init, signal), files::windowChanged, files::restoreTerminal)
        .start();
  }

  /**
   * Sends init a signal of the user's. Linux keeps the first process of a namespace from dying of
   * what it has no handler for; but a command that somebody started should end as it does outside.
   */
  private static void signal(ThreadGroup init, int signal) {
    Signals.DefaultAction usual = Signals.defaultAction(signal);
    boolean ends = usual == Signals.DefaultAction.TERMINATE || usual == Signals.DefaultAction.CORE;
    if (ends && init.signals().actions().get(signal).isDefault()) {
      init.signals().exitGroup(new WaitStatus.Signalled(signal, false));
    } else {
      SignalSender.sendFromOutside(init, SignalInfo.user(signal, SignalInfo.SI_USER, 0, 0));
    }
  }
}
