package dev.bulwark.sentry.kernel;

import dev.bulwark.linux.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All processes of a sandbox, their parents, groups and sessions. Thread-safe: its monitor guards
 * everything that it reaches (Linux's tasklist lock), and is held across no call that could block.
 */
public final class ProcessTree {
  private static final int SIGCHLD = 17;

  private final ProcessEvents events;
  private final PidTable pids = new PidTable();
  private final Map<Integer, ThreadGroup> processes = new HashMap<>();
  private final Map<Integer, ProcessGroup> groups = new HashMap<>();
  private final ThreadGroup init;
  private long taskLimit = Long.MAX_VALUE;
  private int charged = 1;
  private int mostCharged = 1;
  private long refused;

  /** A tree that holds the first process alone: pid 1, leader of group 1 and session 1. */
  public ProcessTree(ProcessEvents events) {
    this.events = events;
    int pid = pids.allocate();
    ProcessGroup group = new ProcessGroup(pid, new Session(pid));
    init = new ThreadGroup(pid, null, new Limits(), group, SIGCHLD);
    group.members.add(init);
    groups.put(pid, group);
    processes.put(pid, init);
  }

  /** The first process, which inherits orphans. */
  public ThreadGroup init() {
    return init;
  }

  /** How many processes there are, zombies included. */
  synchronized long count() {
    return processes.size();
  }

  /** The process with that pid, zombies included, or null. */
  public synchronized @Nullable ThreadGroup find(int pid) {
    return processes.get(pid);
  }

  /** All processes, zombies included. */
  public synchronized List<ThreadGroup> all() {
    return List.copyOf(processes.values());
  }

  /** The pid of a process's parent; 0 for the first process. */
  public synchronized int parentPid(ThreadGroup process) {
    return process.parent == null ? 0 : process.parent.pid();
  }

  /**
   * The living and dead members of a process group; empty when there is none with that identifier.
   */
  public synchronized List<ThreadGroup> members(int group) {
    ProcessGroup found = groups.get(group);
    return found == null ? List.of() : List.copyOf(found.members);
  }

  /**
   * Adds a child.
   *
   * @param caller the process that forks
   * @param sibling whether the child gets the caller's own parent (CLONE_PARENT); the first process
   *     has none to give
   * @param exitSignal what tells the parent of the end
   * @return the child, or null when no identifier is free (EAGAIN)
   */
  public synchronized @Nullable ThreadGroup fork(
      ThreadGroup caller, boolean sibling, int exitSignal) {
    if (!charge()) {
      return null;
    }
    int pid = pids.allocate();
    if (pid < 0) {
      charged--;
      return null;
    }
    ThreadGroup parent = sibling && caller.parent != null ? caller.parent : caller;
    ThreadGroup child =
        new ThreadGroup(pid, parent, caller.limits().copy(), caller.group, exitSignal);
    child.setTerminal(caller.terminal());
    parent.children.add(child);
    caller.group.members.add(child);
    processes.put(pid, child);
    return child;
  }

  /**
   * Adds a process from outside the sandbox: it has no parent inside, and leads a session and a
   * group of its own. When it ends it vanishes, and its children go to the first process.
   *
   * @return the process, or null when no identifier is free
   */
  public synchronized @Nullable ThreadGroup enter() {
    int pid = pids.allocate();
    if (pid < 0) {
      return null;
    }
    ProcessGroup group = new ProcessGroup(pid, new Session(pid));
    ThreadGroup process = new ThreadGroup(pid, null, init.limits().copy(), group, SIGCHLD);
    group.members.add(process);
    groups.put(pid, group);
    processes.put(pid, process);
    return process;
  }

  /** A process that {@link #enter} made came to nothing. */
  public synchronized void withdraw(ThreadGroup process) {
    release(process);
  }

  /** A process that {@link #fork} made came to nothing. */
  synchronized void abandon(ThreadGroup process) {
    release(process);
  }

  /** An identifier for another task of a process, or EAGAIN negated when all are taken. */
  synchronized int allocateThread() {
    if (!charge()) {
      return -Errno.EAGAIN;
    }
    int tid = pids.allocate();
    charged -= tid < 0 ? 1 : 0;
    return tid;
  }

  private boolean charge() {
    if (charged >= taskLimit) {
      refused++;
      return false;
    }
    charged++;
    mostCharged = Math.max(mostCharged, charged);
    return true;
  }

  /** How many tasks there may be, those included that nobody has waited for; none end for it. */
  public synchronized void setTaskLimit(long most) {
    taskLimit = most;
  }

  /** How many tasks there are, those included that nobody has waited for. */
  public synchronized int taskCount() {
    return charged;
  }

  /** The most that {@link #taskCount} ever was. */
  public synchronized int mostTasks() {
    return mostCharged;
  }

  /** How often the limit on tasks kept one from being made. */
  public synchronized long refusedTasks() {
    return refused;
  }

  /** A task has ended; the first one's identifier stays that of the process. */
  synchronized void releaseThread(ThreadGroup process, int tid) {
    if (tid != process.pid()) {
      pids.release(tid);
      charged--;
    }
  }

  /**
   * Notes that a process has called execve(2): its parent may no longer move it to another group.
   */
  public synchronized void executed(ThreadGroup process) {
    process.hasExecuted = true;
  }

  /** PR_SET_CHILD_SUBREAPER: whether a process inherits orphans among its descendants. */
  public synchronized void setSubreaper(ThreadGroup process, boolean subreaper) {
    process.subreaper = subreaper;
  }

  /** PR_GET_CHILD_SUBREAPER. */
  public synchronized boolean subreaper(ThreadGroup process) {
    return process.subreaper;
  }

  /**
   * setsid(2): the new session's identifier, or EPERM negated when a group with the caller's pid
   * exists.
   */
  public synchronized int setSession(ThreadGroup caller) {
    if (groups.containsKey(caller.pid())) {
      return -Errno.EPERM;
    }
    move(caller, new ProcessGroup(caller.pid(), new Session(caller.pid())));
    caller.setTerminal(null);
    return caller.pid();
  }

  /**
   * setpgid(2), in Linux's order of checks.
   *
   * @param pid the process to move; 0 for the caller
   * @param id the group; 0 for one named like the process
   * @return 0, or negated: EINVAL, ESRCH (neither caller nor child), EPERM (other session, session
   *     leader, no such group), EACCES (the child has executed a program)
   */
  public synchronized int setGroup(ThreadGroup caller, int pid, int id) {
    int target = pid == 0 ? caller.pid() : pid;
    int wanted = id == 0 ? target : id;
    if (wanted < 0) {
      return -Errno.EINVAL;
    }
    ThreadGroup process = processes.get(target);
    if (process == null) {
      return -Errno.ESRCH;
    }
    Session session = caller.group.session();
    if (caller.equals(process.parent)) {
      if (!process.group.session().equals(session)) {
        return -Errno.EPERM;
      }
      if (process.hasExecuted) {
        return -Errno.EACCES;
      }
    } else if (!process.equals(caller)) {
      return -Errno.ESRCH;
    }
    if (process.group.session().id() == process.pid()) {
      return -Errno.EPERM;
    }
    ProcessGroup group = groups.get(wanted);
    if (group == null && wanted == target) {
      group = new ProcessGroup(wanted, session);
    }
    if (group == null || !group.session().equals(session)) {
      return -Errno.EPERM;
    }
    move(process, group);
    return 0;
  }

  /** getpgid(2): a process's group, or ESRCH negated; pid 0 is the caller. */
  public synchronized int group(ThreadGroup caller, int pid) {
    ThreadGroup process = pid == 0 ? caller : processes.get(pid);
    return process == null ? -Errno.ESRCH : process.group.id();
  }

  /** getsid(2): a process's session, or ESRCH negated; pid 0 is the caller. */
  public synchronized int session(ThreadGroup caller, int pid) {
    ThreadGroup process = pid == 0 ? caller : processes.get(pid);
    return process == null ? -Errno.ESRCH : process.group.session().id();
  }

  private void move(ThreadGroup process, ProcessGroup to) {
    if (process.group.equals(to)) {
      return;
    }
    List<ProcessGroup> watched = groupsNear(process);
    leaveGroup(process);
    process.group = to;
    to.members.add(process);
    groups.put(to.id(), to);
    reportOrphans(watched);
  }

  private void leaveGroup(ThreadGroup process) {
    process.group.members.remove(process);
    if (process.group.members.isEmpty()) {
      groups.remove(process.group.id());
    }
  }

  /** A signal has stopped a process. */
  public synchronized void stop(ThreadGroup process, int signal) {
    if (!process.zombie()) {
      change(process, ThreadGroup.State.STOPPED, new WaitStatus.Stopped(signal));
    }
  }

  /** SIGCONT has made a stopped process go on. */
  public synchronized void goOn(ThreadGroup process) {
    if (process.stopped()) {
      change(process, ThreadGroup.State.RUNNING, new WaitStatus.Continued());
    }
  }

  /**
   * Whether a process is in an orphaned process group, which the terminal's stop signals must not
   * stop.
   */
  public synchronized boolean orphaned(ThreadGroup process) {
    return process.group.orphaned();
  }

  /** Job control has stopped a process or let it go on: notes what the parent has yet to hear. */
  public synchronized void jobChanged(ThreadGroup process) {
    WaitStatus status = process.signals().takeJobChange();
    while (status != null) {
      if (status instanceof WaitStatus.Stopped stopped) {
        stop(process, stopped.signal());
      } else {
        goOn(process);
      }
      status = process.signals().takeJobChange();
    }
  }

  private void change(ThreadGroup process, ThreadGroup.State state, WaitStatus status) {
    process.enter(state, status);
    if (process.parent != null) {
      events.childChanged(process.parent, process, status);
    }
  }

  /**
   * The last task of a process has ended: its children go to the nearest living subreaper above it,
   * or to the first process, and it stays as a zombie until waited for, or vanishes when its parent
   * discards children.
   */
  public synchronized void exit(ThreadGroup process, WaitStatus status) {
    List<ProcessGroup> watched = groupsNear(process);
    process.enter(ThreadGroup.State.ZOMBIE, status);
    process.setOver();
    ThreadGroup reaper = reaperOf(process);
    for (ThreadGroup child : List.copyOf(process.children)) {
      process.children.remove(child);
      events.parentEnded(child);
      adopt(reaper, child);
    }
    reportOrphans(watched);
    ThreadGroup parent = process.parent;
    if (parent != null) {
      announceEnd(parent, process, status);
    } else if (!process.equals(init)) {
      release(process);
    }
  }

  private void adopt(ThreadGroup reaper, ThreadGroup child) {
    child.parent = reaper;
    reaper.children.add(child);
    WaitStatus status = child.unreported;
    if (child.zombie() && status != null) {
      announceEnd(reaper, child, status);
    }
  }

  private void announceEnd(ThreadGroup parent, ThreadGroup child, WaitStatus status) {
    events.childChanged(parent, child, status);
    if (child.exitSignal() == SIGCHLD && events.discardsChildren(parent)) {
      release(child);
    }
  }

  private ThreadGroup reaperOf(ThreadGroup process) {
    for (ThreadGroup up = process.parent; up != null; up = up.parent) {
      if (up.subreaper && !up.zombie()) {
        return up;
      }
    }
    return init;
  }

  /**
   * The groups that may become orphaned when a process leaves or ends: its own and its children's,
   * if they are not yet.
   */
  private static List<ProcessGroup> groupsNear(ThreadGroup process) {
    List<ProcessGroup> near = new ArrayList<>();
    if (!process.group.orphaned()) {
      near.add(process.group);
    }
    for (ThreadGroup child : process.children) {
      if (!near.contains(child.group) && !child.group.orphaned()) {
        near.add(child.group);
      }
    }
    return near;
  }

  private void reportOrphans(List<ProcessGroup> watched) {
    for (ProcessGroup group : watched) {
      if (group.orphaned() && group.members.stream().anyMatch(ThreadGroup::stopped)) {
        events.orphanedWithStopped(group);
      }
    }
  }

  private void release(ThreadGroup process) {
    if (process.parent != null) {
      process.parent.children.remove(process);
    }
    leaveGroup(process);
    if (processes.remove(process.pid()) != null) {
      charged--;
    }
    // The number stays taken while it names a group or session, or a new process would become their
    // leader unasked.
    if (!named(process.pid())) {
      pids.release(process.pid());
    }
    int group = process.group.id();
    if (group != process.pid() && !processes.containsKey(group) && !named(group)) {
      pids.release(group);
    }
    int session = process.group.session().id();
    if (session != group && !processes.containsKey(session) && !named(session)) {
      pids.release(session);
    }
  }

  private boolean named(int id) {
    return groups.containsKey(id)
        || groups.values().stream().anyMatch(group -> group.session().id() == id);
  }

  /**
   * What one look of wait4(2) or waitid(2) found.
   *
   * @param child the child, or null when none has changed yet
   * @param status what became of it; null with a null child
   */
  public record Waited(@Nullable ThreadGroup child, @Nullable WaitStatus status) {
    /** Children there are, but nothing has happened to them. */
    public static final Waited NOTHING = new Waited(null, null);
  }

  /**
   * Looks for a change among the caller's children; the first child that has one is reported, and
   * an ended one is released.
   *
   * @return what was found, or null when no child matches (ECHILD)
   */
  public synchronized @Nullable Waited poll(ThreadGroup caller, WaitFor wanted) {
    boolean any = false;
    for (ThreadGroup child : caller.children) {
      if (!wanted.selects(child)) {
        continue;
      }
      any = true;
      WaitStatus status = child.unreported;
      if (status != null && wanted.wants(status)) {
        if (!wanted.keep()) {
          child.unreported = null;
          if (child.zombie()) {
            caller.reaped(child);
            release(child);
          }
        }
        return new Waited(child, status);
      }
    }
    return any ? Waited.NOTHING : null;
  }
}
