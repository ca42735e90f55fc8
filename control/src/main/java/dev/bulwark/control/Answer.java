package dev.bulwark.control;

import java.util.List;

/** What a sandbox answers to a {@link Request}. */
public sealed interface Answer {
  /** The most bytes an answer takes. */
  int MAXIMUM_BYTES = 128 << 10;

  /** It is done. */
  record Done() implements Answer {
    @Override
    public void write(WireWriter to) {
      to.number(1);
    }
  }

  /**
   * It is not done.
   *
   * @param exitCode what a runtime command is to exit with
   * @param why a sentence
   */
  record Refused(int exitCode, String why) implements Answer {
    @Override
    public void write(WireWriter to) {
      to.number(2).number(exitCode).string(Message.cut(why));
    }
  }

  /**
   * A process has been started.
   *
   * @param pid its number inside
   */
  record Executed(int pid) implements Answer {
    @Override
    public void write(WireWriter to) {
      to.number(3).number(pid);
    }
  }

  /** The processes there are. */
  record Processes(List<ProcessInfo> all) implements Answer {
    /** Makes the list immutable. */
    public Processes {
      all = List.copyOf(all);
    }

    @Override
    public void write(WireWriter to) {
      to.number(4)
          .list(
              all.subList(0, Math.min(all.size(), MAXIMUM_BYTES / 80)),
              (process, writer) -> process.encode(writer));
    }
  }

  /**
   * A process as it is at the moment.
   *
   * @param pid its number inside
   * @param parent its parent's number inside; 0 when that is outside
   * @param hostPid the process of the host in which its program runs; 0 when it has ended
   * @param uid its user inside
   * @param threads how many it has
   * @param cpuNanos the processor time that it has used
   * @param command its name, at most 15 bytes
   */
  record ProcessInfo(
      int pid, int parent, int hostPid, int uid, int threads, long cpuNanos, String command) {
    static ProcessInfo decode(WireReader from) throws MalformedException {
      return new ProcessInfo(
          from.integer(),
          from.integer(),
          from.integer(),
          from.integer(),
          from.integer(),
          from.number(),
          from.string());
    }

    void encode(WireWriter to) {
      to.number(pid)
          .number(parent)
          .number(hostPid)
          .number(uid)
          .number(threads)
          .number(cpuNanos)
          .string(command);
    }
  }

  /**
   * How system calls came to the Sentry so far.
   *
   * @param trapped those that raised a signal
   * @param patched those from call sites that were changed so that they raise none
   */
  record Calls(long trapped, long patched) implements Answer {
    @Override
    public void write(WireWriter to) {
      to.number(5).number(trapped).number(patched);
    }
  }

  /** The bytes that {@link #decode} reads; a list that is too long is cut. */
  default byte[] encode() {
    WireWriter to = new WireWriter();
    write(to);
    return to.toBytes();
  }

  /** Writes the kind and the components. */
  void write(WireWriter to);

  /**
   * Reads an answer from the first bytes of an array.
   *
   * @throws MalformedException when they are none
   */
  static Answer decode(byte[] bytes, int length) throws MalformedException {
    WireReader from = new WireReader(bytes, length);
    int kind = from.integer();
    Answer answer =
        switch (kind) {
          case 1 -> new Done();
          case 2 -> new Refused(from.integer(), from.string());
          case 3 -> new Executed(from.integer());
          case 4 -> new Processes(from.list(56, ProcessInfo::decode));
          case 5 -> new Calls(from.number(), from.number());
          default -> throw new MalformedException("answer " + kind);
        };
    from.requireEnd();
    return answer;
  }
}
