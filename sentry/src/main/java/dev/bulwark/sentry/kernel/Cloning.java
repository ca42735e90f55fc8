package dev.bulwark.sentry.kernel;

import dev.bulwark.linux.Errno;
import dev.bulwark.linux.HostException;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Registers;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Capability;
import dev.bulwark.sentry.mm.MemoryMap;
import dev.bulwark.sentry.mm.UserMemory;
import dev.bulwark.sentry.vfs.OpenFlags;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes tasks and processes: clone(2) and its kin. */
public final class Cloning {
  private Cloning() {}

  /**
   * Starts a task as the arguments say.
   *
   * @return its thread identifier
   * @throws ErrnoException EINVAL for flags that contradict each other, EAGAIN at a limit, ENOMEM,
   *     EFAULT, ERESTARTNOINTR when a signal came in between
   */
  public static long clone(Task caller, CloneArguments arguments) throws ErrnoException {
    check(caller, arguments);
    Kernel kernel = caller.kernel();
    if (!kernel.takeTask()) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    Started started = null;
    try {
      started = make(caller, arguments);
    } finally {
      if (started == null) {
        kernel.giveTask();
      }
    }
    Task child = started.task;
    VforkWait wait = null;
    if (arguments.has(CloneFlags.VFORK)) {
      wait = new VforkWait(caller);
      child.setVfork(wait);
    }
    int tid = child.tid();
    kernel.tasks().add(child);
    kernel.start(child);
    if (wait != null) {
      wait.await();
    }
    return tid;
  }

  private static void check(Task caller, CloneArguments arguments) throws ErrnoException {
    boolean thread = arguments.has(CloneFlags.THREAD);
    if ((thread && !arguments.has(CloneFlags.SIGHAND))
        || (arguments.has(CloneFlags.SIGHAND) && !arguments.has(CloneFlags.VM))
        || (arguments.has(CloneFlags.PARENT) && caller.process().pid() == 1)
        || (arguments.has(CloneFlags.SIGHAND) && arguments.has(CloneFlags.CLEAR_SIGHAND))
        || (arguments.has(CloneFlags.FS)
            && (arguments.flags() & (CloneFlags.NEWNS | CloneFlags.NEWUSER)) != 0)) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if ((arguments.flags() & (CloneFlags.NAMESPACES | CloneFlags.INTO_CGROUP)) != 0) {
      // As on a kernel that was built without namespaces, after the check of privilege.
      boolean privileged =
          (arguments.flags() & CloneFlags.NAMESPACES) == CloneFlags.NEWUSER
              || caller.credentials().has(Capability.SYS_ADMIN);
      throw ErrnoException.of(privileged ? Errno.EINVAL : Errno.EPERM);
    }
    if (arguments.has(CloneFlags.PIDFD) && (thread || arguments.has(CloneFlags.DETACHED))) {
      throw ErrnoException.of(Errno.EINVAL);
    }
  }

  private record Started(Task task) {}

  private static Started make(Task caller, CloneArguments arguments) throws ErrnoException {
    Kernel kernel = caller.kernel();
    ProcessTree tree = kernel.processes();
    boolean thread = arguments.has(CloneFlags.THREAD);
    if (TaskLimit.reached(caller)) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
    Memory memory = memory(caller, arguments);
    ThreadGroup process = null;
    Task child = null;
    int tid = 0;
    try {
      setRegisters(memory.context.registers(), arguments);
      if (thread) {
        process = caller.process();
        tid = tree.allocateThread();
      } else {
        process =
            tree.fork(caller.process(), arguments.has(CloneFlags.PARENT), arguments.exitSignal());
        tid = process == null ? -1 : process.pid();
      }
      if (process == null || tid < 0) {
        throw ErrnoException.of(Errno.EAGAIN);
      }
      child = new Task(tid, memory.context).in(kernel, process);
      child.setMemory(memory.map);
      if (!thread) {
        process.inhabit(memory.context.addressSpace());
        process.timers().cpuLimitChanged(kernel.timers());
        if (!arguments.has(CloneFlags.VM)) {
          memory.context.setName(caller.attributes().name());
          memory.map.setLimits(process.limits());
        }
        process
            .signals()
            .inherit(
                caller.process().signals(),
                arguments.has(CloneFlags.SIGHAND),
                arguments.has(CloneFlags.CLEAR_SIGHAND));
      }
      child.inherit(caller);
      child
          .signals()
          .inherit(
              caller.signals(), !arguments.has(CloneFlags.VM) || arguments.has(CloneFlags.VFORK));
      store(caller, child, arguments);
      child.setFiles(
          arguments.has(CloneFlags.FILES) ? caller.files().share() : caller.files().copy());
      child.setFs(arguments.has(CloneFlags.FS) ? caller.fs().share() : caller.fs().copy());
      int pidFd = arguments.has(CloneFlags.PIDFD) ? pidFd(caller, process, arguments.pidFd()) : -1;
      if (!process.signals().attach(child.signals())) {
        if (pidFd >= 0) {
          caller.files().remove(pidFd).close();
        }
        throw ErrnoException.of(Errno.ERESTARTNOINTR);
      }
      child.inheritSeccomp(caller);
      return new Started(child);
    } catch (ErrnoException | RuntimeException e) {
      if (child != null) {
        child.closeFiles();
      }
      memory.context.close();
      memory.map.close();
      if (thread && tid > 0) {
        tree.releaseThread(caller.process(), tid);
      } else if (process != null) {
        tree.abandon(process);
      }
      throw e;
    }
  }

  /** Identifiers are stored before the child can run. A parent's bad address is not reported. */
  private static void store(Task caller, Task child, CloneArguments arguments)
      throws ErrnoException {
    if (arguments.has(CloneFlags.PARENT_SETTID)) {
      putQuietly(caller.memory(), arguments.parentTid(), child.tid());
    }
    if (arguments.has(CloneFlags.CHILD_SETTID)) {
      putQuietly(child.memory(), arguments.childTid(), child.tid());
    }
    if (arguments.has(CloneFlags.CHILD_CLEARTID)) {
      child.setClearTid(arguments.childTid());
    }
  }

  /** Gives the caller a descriptor of the child. */
  private static int pidFd(Task caller, ThreadGroup process, long address) throws ErrnoException {
    PidFile file = new PidFile(process, OpenFlags.RDWR);
    int fd;
    try {
      fd = caller.files().install(file, 0, true, caller.process().limits().descriptors());
    } catch (ErrnoException e) {
      file.close();
      throw e;
    }
    try {
      caller.memory().putInt(address, fd);
      return fd;
    } catch (ErrnoException e) {
      caller.files().remove(fd).close();
      throw e;
    }
  }

  private static void putQuietly(UserMemory memory, long address, int value) {
    try {
      memory.putInt(address, value);
    } catch (ErrnoException e) {
      return; // as in Linux, where put_user's result is not looked at
    }
  }

  private record Memory(Context context, MemoryMap map) {}

  private static Memory memory(Task caller, CloneArguments arguments) throws ErrnoException {
    try {
      if (arguments.has(CloneFlags.VM)) {
        Context context = caller.context().newThread();
        return new Memory(context, caller.memoryMap().share());
      }
      AddressSpace space = caller.kernel().platform().newAddressSpace();
      Context context = space.firstContext();
      @Nullable MemoryMap copy = null;
      try {
        context.registers().copyFrom(caller.context().registers());
        context.copyFpState(caller.context());
        copy = caller.memoryMap().fork(caller.context(), space);
      } finally {
        if (copy == null) {
          context.close();
          space.close();
        }
      }
      return new Memory(context, copy);
    } catch (HostException e) {
      throw ErrnoException.of(e.errno() == Errno.ENOMEM ? Errno.ENOMEM : Errno.EAGAIN);
    } catch (IOException e) {
      throw ErrnoException.of(Errno.EAGAIN);
    }
  }

  private static void setRegisters(Registers registers, CloneArguments arguments) {
    registers.set(Registers.RAX, 0);
    if (arguments.stack() != 0) {
      registers.set(Registers.RSP, arguments.stack());
    }
    if (arguments.has(CloneFlags.SETTLS)) {
      registers.fsBase = arguments.tls();
    }
  }
}
