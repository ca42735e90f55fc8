package dev.bulwark.control;

/**
 * What a runtime command asks of a sandbox that runs, over the sandbox's socket: one datagram, to
 * which an {@link Answer} comes.
 */
public sealed interface Request {
  /** The most bytes a request takes. */
  int MAXIMUM_BYTES = 4096;

  /** Answers when the sandbox is put together: done, or why it could not be. */
  record AwaitCreated() implements Request {
    @Override
    public void write(WireWriter to) {
      to.number(1);
    }
  }

  /** Lets the first process run. */
  record Start() implements Request {
    @Override
    public void write(WireWriter to) {
      to.number(2);
    }
  }

  /**
   * Sends a signal.
   *
   * @param number 1 to 64
   * @param all whether to every process rather than to the first
   */
  record Kill(int number, boolean all) implements Request {
    @Override
    public void write(WireWriter to) {
      to.number(3).number(number).flag(all);
    }
  }

  /**
   * Starts a further process. With it come descriptors: a memory file with a {@link ProcessSpec},
   * the process's three standard files, and a socket to the keeper of the process, on which {@link
   * Message}s travel as on the one of the sandbox's own keeper.
   *
   * @param pid of the command that asks, which the sandbox's keeper has to outlive
   */
  record Execute(int pid) implements Request {
    @Override
    public void write(WireWriter to) {
      to.number(4).number(pid);
    }
  }

  /**
   * Tells of a process that the sandbox's keeper has to outlive: the keeper of a further process.
   * Refused when the sandbox ends, for then nobody would hear of that process's end.
   */
  record Outlive(int pid) implements Request {
    @Override
    public void write(WireWriter to) {
      to.number(7).number(pid);
    }
  }

  /** Lists the processes. */
  record ListProcesses() implements Request {
    @Override
    public void write(WireWriter to) {
      to.number(5);
    }
  }

  /** Counts how system calls came to the Sentry. */
  record CountCalls() implements Request {
    @Override
    public void write(WireWriter to) {
      to.number(8);
    }
  }

  /**
   * Changes what the applications may use.
   *
   * @param resources all limits, changed or not
   */
  record Limit(ResourceLimits resources) implements Request {
    @Override
    public void write(WireWriter to) {
      to.number(6);
      resources.encode(to);
    }
  }

  /** The bytes that {@link #decode} reads. */
  default byte[] encode() {
    WireWriter to = new WireWriter();
    write(to);
    return to.toBytes();
  }

  /** Writes the kind and the components. */
  void write(WireWriter to);

  /**
   * Reads a request from the first bytes of an array.
   *
   * @throws MalformedException when they are none
   */
  static Request decode(byte[] bytes, int length) throws MalformedException {
    WireReader from = new WireReader(bytes, length);
    int kind = from.integer();
    Request request =
        switch (kind) {
          case 1 -> new AwaitCreated();
          case 2 -> new Start();
          case 3 -> new Kill(from.integer(), from.flag());
          case 4 -> new Execute(from.integer());
          case 5 -> new ListProcesses();
          case 6 -> new Limit(ResourceLimits.decode(from));
          case 7 -> new Outlive(from.integer());
          case 8 -> new CountCalls();
          default -> throw new MalformedException("request " + kind);
        };
    from.requireEnd();
    return request;
  }
}
