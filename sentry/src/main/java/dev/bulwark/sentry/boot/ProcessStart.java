package dev.bulwark.sentry.boot;

import dev.bulwark.control.CapabilitySets;
import dev.bulwark.control.ProcessSpec;
import dev.bulwark.control.RlimitSpec;
import dev.bulwark.control.UserSpec;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import dev.bulwark.sentry.kernel.Execution;
import dev.bulwark.sentry.kernel.Kernel;
import dev.bulwark.sentry.kernel.Limits;
import dev.bulwark.sentry.kernel.Task;
import dev.bulwark.sentry.kernel.ThreadGroup;
import dev.bulwark.sentry.loader.ExecArguments;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.seccomp.SeccompFilters;
import dev.bulwark.sentry.vfs.FsContext;
import dev.bulwark.sentry.vfs.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a process as a specification says, ready to run: the sandbox's first one, or a further one
 * that is started from outside.
 */
final class ProcessStart {
  private final Kernel kernel;
  private final ProcessSpec spec;
  private final StandardFiles files;
  private final @Nullable SeccompFilters seccomp;

  /**
   * A process to be made.
   *
   * @param seccomp what it runs under; null for nothing
   */
  ProcessStart(
      Kernel kernel, ProcessSpec spec, StandardFiles files, @Nullable SeccompFilters seccomp) {
    this.kernel = kernel;
    this.spec = spec;
    this.files = files;
    this.seccomp = seccomp;
  }

  /**
   * Gives a process its first task, with its program loaded.
   *
   * @param process that has no task yet
   * @param root the sandbox's root directory
   * @throws StartFailure when the program cannot be started
   * @throws IOException when the host refuses what it needs
   */
  Task prepare(ThreadGroup process, Location root)
      throws StartFailure, ErrnoException, IOException {
    FsContext fs = new FsContext(root, root, spec.user().umask());
    Accounts.Identity identity = identity(fs);
    Credentials credentials = credentials(identity);
    enterWorkingDirectory(fs, credentials);
    for (RlimitSpec limit : spec.limits()) {
      process.limits().set(limit.resource(), limit.soft(), limit.hard());
    }
    process.attributes().setOomAdjustment(spec.oomScoreAdjust());
    AddressSpace space = kernel.platform().newAddressSpace();
    Task task = new Task(process.pid(), space.firstContext()).in(kernel, process);
    boolean ready = false;
    try {
      task.setMemory(MemoryMap.create(space, process.limits(), kernel.account()));
      task.setCredentials(credentials);
      task.setFs(fs);
      if (spec.noNewPrivileges()) {
        task.attributes().refuseNewPrivileges();
      }
      files.open(task);
      task.setSeccomp(seccomp);
      giveProgram(task, identity);
      ready = true;
      return task;
    } finally {
      if (!ready) {
        task.discard();
      }
    }
  }

  private Accounts.Identity identity(FsContext fs) throws StartFailure {
    Accounts accounts =
        new Accounts(SmallFile.read(fs, "/etc/passwd"), SmallFile.read(fs, "/etc/group"));
    UserSpec user = spec.user();
    if (user.name().isEmpty()) {
      return accounts.numbered(
          user.uid(), user.gid(), user.additionalGids().stream().mapToInt(g -> g).toArray());
    }
    Accounts.Identity identity = accounts.find(user.name());
    if (identity == null) {
      throw new StartFailure(
          StartFailure.RUNTIME_FAILED,
          "the sandbox's /etc/passwd and /etc/group do not know '"
              + user.name()
              + "': give numbers to --user");
    }
    return identity;
  }

  private Credentials credentials(Accounts.Identity identity) {
    CapabilitySets sets = spec.capabilities();
    if (identity.uid() != 0 && !spec.user().name().isEmpty()) {
      // Whoever asked for a user by name did not ask for capabilities of its own.
      return Credentials.of(identity.uid(), identity.gid(), identity.groups(), sets.bounding());
    }
    return Credentials.of(identity.uid(), identity.gid(), identity.groups(), sets.bounding())
        .withCapabilities(
            sets.permitted(),
            sets.effective(),
            sets.inheritable(),
            sets.bounding(),
            sets.ambient() & sets.permitted() & sets.inheritable());
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

  private void giveProgram(Task task, Accounts.Identity identity) throws StartFailure {
    String command = spec.arguments().getFirst();
    List<String> environment = new ArrayList<>(spec.environment());
    if (environment.stream().noneMatch(entry -> entry.startsWith("HOME="))) {
      environment.add("HOME=" + identity.home());
    }
    CommandSearch.Found found =
        new CommandSearch(task.fs(), task.credentials()).open(command, environment);
    try {
      long stack = task.process().limits().soft(Limits.STACK);
      Execution.first(
          task,
          found.program(),
          ExecArguments.of(found.path(), spec.arguments(), environment, stack));
    } catch (ErrnoException failure) {
      throw CommandSearch.describe(command, failure.errno());
    }
  }
}
