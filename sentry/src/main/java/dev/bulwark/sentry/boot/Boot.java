package dev.bulwark.sentry.boot;

import dev.bulwark.control.Inherited;
import dev.bulwark.control.KeeperLink;
import dev.bulwark.control.Message;
import dev.bulwark.control.NetworkMode;
import dev.bulwark.control.RootMode;
import dev.bulwark.control.SandboxSpec;
import dev.bulwark.control.SeccompProfile;
import dev.bulwark.linux.HostTerminal;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.Platforms;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.io.HostPoller;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Machine;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.kernel.WaitStatus;
import dev.bulwark.sentry.loader.HostCpu;
import dev.bulwark.sentry.mm.MemoryAccount;
import dev.bulwark.sentry.net.inet.HostStack;
import dev.bulwark.sentry.seccomp.SeccompFilters;
import dev.bulwark.sentry.signal.ChildNotices;
import dev.bulwark.sentry.signal.SignalInfo;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.signal.Signals;
import dev.bulwark.sentry.syscall.SyscallTable;
import dev.bulwark.sentry.syscall.Topics;
import dev.bulwark.sentry.trace.TraceFilter;
import dev.bulwark.sentry.trace.Tracer;
import dev.bulwark.sentry.vfs.FileSystem;
import dev.bulwark.sentry.vfs.Location;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts a sandbox together, in the order of the methods, and runs it. */
final class Boot {
  private static final int[] STDIO = {
    Inherited.SENTRY_STDIO, Inherited.SENTRY_STDIO + 1, Inherited.SENTRY_STDIO + 2
  };

  /** How long putting things right may take, on a host that may not answer any more. */
  private static final long LAST_MILLISECONDS = 300;

  private final SandboxSpec spec;
  private final KeeperLink keeper;
  private final Commands commands;
  private final Lockdown lockdown;

  Boot(SandboxSpec spec, KeeperLink keeper, Commands commands, Lockdown lockdown) {
    this.spec = spec;
    this.keeper = keeper;
    this.commands = commands;
    this.lockdown = lockdown;
  }

  /**
   * Runs the sandbox to its end.
   *
   * @return the report for the keeper
   * @throws StartFailure when the command cannot be started
   * @throws IOException when the host refuses what the sandbox needs
   */
  Message run() throws StartFailure, IOException {
    SyscallTable calls = Topics.table();
    try (Platform platform =
        new Platforms(spec.patchAfter(), () -> failed("the process that starts others died"))
            .open(spec.platform().word(), Boot::log)) {
      Kernel kernel = kernel(platform, calls);
      trace(kernel);
      lockdown.enter(spec, platform.hostCalls());
      Location root = mounts(kernel);
      HostPoller poller = new HostPoller();
      StandardFiles files = new StandardFiles(STDIO, spec.process(), poller);
      ThreadGroup init = kernel.processes().init();
      SeccompFilters seccomp = seccomp();
      Task first = new ProcessStart(kernel, spec.process(), files, seccomp).prepare(init, root);
      keeper.listen("keeper", new First(init, files));
      if (spec.waits()) {
        commands.assembled(new Commands.Assembled(kernel, root, poller, seccomp));
        commands.awaitStart();
      }
      kernel.startFirst(first);
      commands.started();
      keeper.send(new Message.Started());
      WaitStatus status = kernel.ended().join();
      files.flush();
      if (spec.debug()) {
        System.err.println(platform.name() + " system calls: " + platform.calls());
      }
      kernel.tellOutOfMemory();
      return EndReport.of(status, calls, kernel.notices().all());
    } catch (ErrnoException failure) {
      throw new IOException("putting the sandbox together: " + failure.getMessage());
    }
  }

  private static void log(String sentence) {
    System.err.println(sentence);
  }

  /** Ends the sandbox at once because one of its own processes did. */
  private void failed(String what) {
    keeper.send(new Message.Failed(StartFailure.RUNTIME_FAILED, "the sandbox has ended: " + what));
    Runtime.getRuntime().halt(1);
  }

  private @Nullable SeccompFilters seccomp() throws StartFailure {
    SeccompProfile profile = spec.seccomp();
    try {
      return profile == null ? null : SeccompFilters.ofProfile(profile);
    } catch (IllegalArgumentException refused) {
      throw new StartFailure(StartFailure.RUNTIME_FAILED, "linux.seccomp: " + refused.getMessage());
    }
  }

  private Kernel kernel(Platform platform, SyscallTable calls) throws IOException {
    Kernel kernel = new Kernel(new ChildNotices());
    long memory = spec.resources().memory();
    long limit = memory == 0 ? MemoryAccount.UNLIMITED : memory;
    byte[] vector = spec.auxiliaryVector().getBytes(StandardCharsets.ISO_8859_1);
    HostCpu cpu = HostCpu.ofAuxiliaryVector(vector);
    kernel.install(
        new Machine(
            platform,
            platform.keepsGsBase() ? cpu.withoutBaseInstructions() : cpu,
            new MemoryAccount(limit, platform.minimumAddress(), platform.maximumAddress()),
            calls));
    kernel.names().setHost(spec.hostname());
    if (!spec.domainname().isEmpty()) {
      kernel.names().setDomain(spec.domainname());
    }
    kernel.resources().set(spec.resources());
    kernel.whenOutOfMemory(() -> keeper.send(new Message.OutOfMemory()));
    if (spec.network() == NetworkMode.HOST_STACK) {
      HostStack network = HostStack.start(kernel.inodeNumbers(), Inherited.SENTRY_PROC);
      lockdown.serve(network);
      kernel.setNetwork(network);
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

  private Location mounts(Kernel kernel) throws ErrnoException, StartFailure {
    GoferFiles gofer = new GoferFiles(() -> failed("the Gofer died"));
    FileSystem root = gofer.tree(0);
    if (spec.root() == RootMode.OVERLAY) {
      root = GoferFiles.keepingChanges(root, kernel);
    }
    return new Mounts(kernel, gofer).over(root, spec);
  }

  /** What the keeper of the sandbox means. */
  private final class First implements KeeperLink.Listener {
    private final ThreadGroup init;
    private final StandardFiles files;

    First(ThreadGroup init, StandardFiles files) {
      this.init = init;
      this.files = files;
    }

    /**
     * Linux keeps the first process of a namespace from dying of what it has no handler for; but a
     * command that somebody started by hand should end as it does outside.
     */
    @Override
    public void signal(int number) {
      Signals.DefaultAction usual = Signals.defaultAction(number);
      boolean ends =
          usual == Signals.DefaultAction.TERMINATE || usual == Signals.DefaultAction.CORE;
      if (!spec.waits() && ends && init.signals().actions().get(number).isDefault()) {
        init.signals().exitGroup(new WaitStatus.Signalled(number, false));
      } else {
        SignalSender.sendFromOutside(init, SignalInfo.user(number, SignalInfo.SI_USER, 0, 0));
      }
    }

    @Override
    public void windowChanged() {
      files.windowChanged();
    }

    /**
     * With the keeper everything ends; the terminal that it cannot restore any more is restored.
     */
    @Override
    public void abandoned() {
      Thread last = Thread.ofPlatform().daemon().start(this::restoreTerminal);
      try {
        last.join(LAST_MILLISECONDS);
      } catch (InterruptedException nobodyDoes) {
        Thread.currentThread().interrupt();
      }
      Runtime.getRuntime().halt(0);
    }

    private void restoreTerminal() {
      if (spec.process().terminals() != 0 && !spec.terminalSettings().isEmpty()) {
        HostTerminal.restore(
            Inherited.SENTRY_STDIO, spec.terminalSettings().getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }
}
