package dev.bulwark.sentry.kernel;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostRandom;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Registers;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.loader.AddressLayout;
import dev.bulwark.sentry.loader.ExecArguments;
import dev.bulwark.sentry.loader.ExecCredentials;
import dev.bulwark.sentry.loader.Image;
import dev.bulwark.sentry.loader.Program;
import dev.bulwark.sentry.loader.ProgramFile;
import dev.bulwark.sentry.loader.VfsProgram;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.signal.ProcessSignals;
import dev.bulwark.sentry.signal.SignalSender;
import dev.bulwark.sentry.vfs.FdTable;
import dev.bulwark.sentry.vfs.Location;
import java.io.IOException;

/** Makes a task run another program: execve(2). */
public final class Execution {
  private static final int SIGSEGV = 11;

  /** Interrupts enabled, and the bit that is always one. */
  private static final long INITIAL_FLAGS = 0x202;

  private Execution() {}

  /** Opens the program at a location. */
  public static VfsProgram open(Task task, Location location) throws ErrnoException {
    return VfsProgram.open(location, task.fs().walk(task.credentials()), task);
  }

  /**
   * Replaces the program of the task's process; all its other tasks end.
   *
   * @param file the opened file, which is closed in any case
   * @param reachable as for {@link Program#prepare}
   * @throws ErrnoException what {@link Program#prepare} says, EAGAIN, ENOMEM; the old program goes
   *     on then
   */
  public static void exec(Task task, VfsProgram file, ExecArguments arguments, boolean reachable)
      throws ErrnoException {
    Program program =
        Program.prepare(
            file, arguments, reachable, VfsProgram.opener(task.fs(), task.credentials(), task));
    try (program) {
      ProgramFile running = program.file();
      ExecCredentials credentials =
          ExecCredentials.after(
              task.credentials(),
              running,
              task.attributes().noNewPrivileges(),
              task.fs().users() > task.process().signals().count());
      AddressSpace space = newSpace(task);
      MemoryMap memory = MemoryMap.create(space, task.process().limits(), task.kernel().account());
      boolean replaced = false;
      try {
        endOtherTasks(task);
        replaced = true;
      } finally {
        if (!replaced) {
          space.firstContext().close();
          memory.close();
        }
      }
      replace(task, space.firstContext(), memory, program, credentials);
    }
  }

  private static AddressSpace newSpace(Task task) throws ErrnoException {
    try {
      return task.kernel().platform().newAddressSpace();
    } catch (IOException e) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
  }

  private static void endOtherTasks(Task task) throws ErrnoException {
    ProcessSignals signals = task.process().signals();
    if (!signals.killOthers(task.signals())) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    try {
      task.await(() -> signals.count() <= 1 || task.signals().dying());
    } finally {
      signals.endSurvival();
    }
    if (task.signals().dying()) {
      throw ErrnoException.of(Errno.EAGAIN); // never seen: the task ends before it returns
    }
  }

  /** From here on there is no way back: a program that cannot be loaded is killed, as in Linux. */
  private static void replace(
      Task task, Context context, MemoryMap memory, Program program, ExecCredentials credentials) {
    Kernel kernel = task.kernel();
    ThreadGroup process = task.process();
    TaskExit.releaseMemory(task);
    Context oldContext = task.context();
    MemoryMap oldMemory = task.memoryMap();
    task.becomeLeader();
    task.enter(context, memory);
    task.identify();
    process.inhabit(context.addressSpace());
    oldContext.close();
    oldMemory.close();

    FdTable files = task.files();
    if (files.shared()) {
      FdTable own = files.copy();
      task.setFiles(own);
      files.close();
      files = own;
    }
    files.executed();
    process.signals().executed();
    process.timers().executed();
    task.signals().executed();
    task.setCredentials(credentials.credentials());
    kernel.processes().executed(process);

    begin(task, program, credentials);
  }

  /**
   * Gives the first task of a sandbox its program. Its context and memory are fresh, its other
   * parts are set.
   *
   * @throws ErrnoException what {@link Program#prepare} says
   */
  public static void first(Task task, VfsProgram file, ExecArguments arguments)
      throws ErrnoException {
    try (Program program =
        Program.prepare(
            file, arguments, true, VfsProgram.opener(task.fs(), task.credentials(), task))) {
      ExecCredentials credentials =
          ExecCredentials.after(
              task.credentials(), program.file(), task.attributes().noNewPrivileges(), false);
      task.setCredentials(credentials.credentials());
      task.process().inhabit(task.context().addressSpace());
      begin(task, program, credentials);
    }
  }

  private static void begin(Task task, Program program, ExecCredentials credentials) {
    Kernel kernel = task.kernel();
    Context context = task.context();
    MemoryMap memory = task.memoryMap();
    Registers registers = context.registers();
    registers.clear();
    registers.set(Registers.EFLAGS, INITIAL_FLAGS);
    context.resetFpState();
    try {
      AddressLayout layout =
          AddressLayout.random(
              kernel.platform().maximumAddress(),
              task.process().limits().soft(Limits.STACK),
              HostRandom.generator());
      Image image =
          program.load(
              memory.image(context),
              layout,
              kernel.hostCpu(),
              credentials.credentials(),
              credentials.secure(),
              HostRandom.generator());
      registers.set(Registers.RIP, image.entry());
      registers.set(Registers.RSP, image.stackPointer());
      memory.loaded(image);
      task.attributes().executed(image.name(), credentials.secure());
      context.setName(image.name());
      task.process().attributes().executed(credentials.dumpable());
    } catch (ErrnoException e) {
      SignalSender.forceFatal(task, SIGSEGV);
    }
  }
}
