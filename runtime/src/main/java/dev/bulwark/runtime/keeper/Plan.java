package dev.bulwark.runtime.keeper;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a keeper is to do, step by step; then it stays until the sandbox has ended. The encoding is
 * described in runtime/src/main/c/plan.h. Descriptors are this process's; the keeper gets copies.
 * Not thread-safe.
 */
public final class Plan {
  /** Says that there is no descriptor. */
  public static final int NO_FD = -1;

  /** The plan itself and standard input, output and error come first. */
  private static final int FIRST_FD = 4;

  private static final int PATIENT = 1;

  private enum Step {
    END(0),
    JOIN(1),
    UNSHARE(2),
    LOOPBACK(3),
    WRITE(4),
    TERMINAL(5),
    CGROUP(6),
    CHILD(7);

    private final int code;

    Step(int code) {
      this.code = code;
    }
  }

  private final ByteArrayOutputStream head = new ByteArrayOutputStream();
  private final ByteArrayOutputStream steps = new ByteArrayOutputStream();
  private final List<Integer> descriptors = new ArrayList<>();
  private int report = NO_FD;
  private long forwarded;
  private int terminal = NO_FD;
  private byte[] terminalSettings = {};
  private int memoryLimit = NO_FD;
  private int memoryUsage = NO_FD;
  private boolean patient;
  private final int control;

  /**
   * An empty plan.
   *
   * @param control the socket to the Sentry, on which {@link dev.bulwark.control.Message}s travel
   */
  public Plan(int control) {
    this.control = control;
  }

  /**
   * Lets the keeper tell a descriptor which step failed: {@code ERRNO DESCRIPTION}; it is closed
   * when all steps have been taken. Without it, people are told on standard error.
   */
  public Plan reportTo(int fd) {
    report = fd;
    return this;
  }

  /** Passes signals on to the process inside; others do what they do to any process. */
  public Plan forward(int... signals) {
    for (int signal : signals) {
      forwarded |= 1L << (signal - 1);
    }
    return this;
  }

  /** Puts a terminal back at the end. */
  public Plan restore(int fd, byte[] settings) {
    terminal = fd;
    terminalSettings = settings.clone();
    return this;
  }

  /** Waits for the children to end by themselves when the sandbox has ended. */
  public Plan patient() {
    patient = true;
    return this;
  }

  /**
   * Lets the host know through a cgroup's own means when the Sentry finds that applications used
   * too much memory: engines listen there.
   *
   * @param limit of the cgroup that the keeper enters, opened to read and write
   * @param usage of it, opened to read
   */
  public Plan memory(int limit, int usage) {
    memoryLimit = limit;
    memoryUsage = usage;
    return this;
  }

  /**
   * Keeps a descriptor open until all steps have been taken, even when this process ends before: a
   * lock that is held through it lasts as long.
   */
  public Plan hold(int fd) {
    descriptors.add(fd);
    return this;
  }

  /** Joins a namespace: setns(2) with its type. */
  public Plan join(String description, int fd, long type) {
    step(Step.JOIN, description);
    descriptor(steps, fd);
    number(steps, type);
    return this;
  }

  /** Leaves namespaces for new ones: unshare(2). */
  public Plan unshare(String description, long flags) {
    step(Step.UNSHARE, description);
    number(steps, flags);
    return this;
  }

  /** Sets the loopback interface of the network namespace up. */
  public Plan loopback() {
    step(Step.LOOPBACK, "setting the loopback interface up");
    return this;
  }

  /** Writes to a file, as one of the namespaces that were joined. */
  public Plan write(String description, String path, String value) {
    step(Step.WRITE, description);
    string(steps, path);
    string(steps, value);
    return this;
  }

  /** Makes a terminal the controlling one, so that its keeper hears of changes of its size. */
  public Plan control(String description, int fd) {
    step(Step.TERMINAL, description);
    descriptor(steps, fd);
    return this;
  }

  /** Enters a control group through its opened {@code cgroup.procs} or {@code tasks}. */
  public Plan cgroup(String description, int fd) {
    step(Step.CGROUP, description);
    descriptor(steps, fd);
    return this;
  }

  /**
   * Starts a process of the sandbox, whose death ends it. The Sentry comes first.
   *
   * @param title how messages call it
   * @param log a file without a name that takes its output, {@link #NO_FD} when it has a name
   * @param logPath where its output is, or is saved when it ends badly
   * @param command path and arguments; byte strings
   * @param confinement what it is deprived of
   * @param guard the keeper's end of the socket on which it asks for its duties, or {@link #NO_FD}
   * @param files the child's descriptor i is {@code files[i]}; {@link #NO_FD} for none
   */
  public Plan child(
      String title,
      int log,
      String logPath,
      List<String> command,
      List<String> environment,
      Confinement confinement,
      int guard,
      int... files) {
    step(Step.CHILD, "starting the " + title + " (" + command.getFirst() + ")");
    string(steps, title);
    descriptor(steps, log);
    string(steps, logPath);
    string(steps, command.getFirst());
    strings(steps, command);
    strings(steps, environment);
    number(steps, files.length);
    for (int fd : files) {
      descriptor(steps, fd);
    }
    descriptor(steps, guard);
    confine(confinement);
    return this;
  }

  private void confine(Confinement confinement) {
    number(steps, confinement.duties());
    number(steps, confinement.namespaces());
    number(steps, confinement.users());
    number(steps, confinement.capabilities());
    strings(steps, confinement.visible());
    number(steps, confinement.trees().size());
    for (Confinement.TreeMount tree : confinement.trees()) {
      number(steps, tree.descriptor());
      number(steps, tree.readOnly() ? 1 : 0);
    }
  }

  private void step(Step step, String description) {
    number(steps, step.code);
    string(steps, description);
  }

  /**
   * The descriptors that a keeper with this plan starts with.
   *
   * @param standard three descriptors to have as 0, 1 and 2
   * @throws HostException when the host refuses a memory file
   */
  int[] descriptors(int... standard) throws HostException {
    number(head, patient ? PATIENT : 0);
    descriptor(head, control);
    descriptor(head, report);
    number(head, forwarded);
    descriptor(head, memoryLimit);
    descriptor(head, memoryUsage);
    descriptor(head, terminal);
    string(head, new String(terminalSettings, StandardCharsets.ISO_8859_1));
    number(steps, Step.END.code);
    head.writeBytes(steps.toByteArray());
    int[] all = new int[FIRST_FD + descriptors.size()];
    System.arraycopy(standard, 0, all, 0, standard.length);
    all[FIRST_FD - 1] = HostIo.memoryFile("bulwark-plan", head.toByteArray());
    for (int i = 0; i < descriptors.size(); i++) {
      all[FIRST_FD + i] = descriptors.get(i);
    }
    return all;
  }

  /** A descriptor under the number that it has in the keeper. */
  private void descriptor(ByteArrayOutputStream to, int fd) {
    if (fd == NO_FD) {
      number(to, -1);
      return;
    }
    int place = descriptors.indexOf(fd);
    if (place < 0) {
      place = descriptors.size();
      descriptors.add(fd);
    }
    number(to, FIRST_FD + place);
  }

  private static void number(ByteArrayOutputStream to, long value) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      to.write((int) (value >>> shift));
    }
  }

  private static void strings(ByteArrayOutputStream to, List<String> values) {
    number(to, values.size());
    values.forEach(value -> string(to, value));
  }

  private static void string(ByteArrayOutputStream to, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    number(to, bytes.length + 1L);
    to.writeBytes(bytes);
    to.writeBytes(new byte[Long.BYTES - bytes.length % Long.BYTES]);
  }
}
