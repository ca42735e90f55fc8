package dev.bulwark.control;

/**
 * One datagram on the socket between the Sentry and the keeper of the sandbox or of a further
 * process in it. The keeper's C (runtime/src/main/c/keeper.c) knows the encoding too.
 */
public sealed interface Message {
  /** The most bytes a message takes; longer sentences are cut. */
  int MAXIMUM_BYTES = 4096;

  /**
   * To the Sentry: a signal for the keeper's process, as if kill(2) had sent it.
   *
   * @param number 1 to 64
   */
  record Signal(int number) implements Message {
    @Override
    public void write(WireWriter writer) {
      writer.number(1).number(number);
    }
  }

  /** To the Sentry: the host's terminal changed its size. */
  record WindowChanged() implements Message {
    @Override
    public void write(WireWriter writer) {
      writer.number(2);
    }
  }

  /** From the Sentry: the command runs. */
  record Started() implements Message {
    @Override
    public void write(WireWriter writer) {
      writer.number(3);
    }
  }

  /**
   * From the Sentry: the keeper's process has ended; with the sandbox's first one all others.
   *
   * @param status as wait4(2) reports it
   * @param remark what a person should know about this end, or empty
   */
  record Ended(int status, String remark) implements Message {
    @Override
    public void write(WireWriter writer) {
      writer.number(4).number(status).string(cut(remark));
    }
  }

  /**
   * From the Sentry: the command could not be started, or the Sentry failed.
   *
   * @param exitCode what the keeper is to exit with
   * @param why a sentence, with its remedy
   */
  record Failed(int exitCode, String why) implements Message {
    @Override
    public void write(WireWriter writer) {
      writer.number(5).number(exitCode).string(cut(why));
    }
  }

  /**
   * From the Sentry: a process was killed, because the applications used more memory than they may.
   */
  record OutOfMemory() implements Message {
    @Override
    public void write(WireWriter writer) {
      writer.number(6);
    }
  }

  /**
   * From the Sentry to the keeper of the sandbox: a process that the keeper has to outlive, which
   * means that it ends after that one's parent has waited for it.
   *
   * @param pid in the namespace of the runtime's commands
   */
  record Outlive(int pid) implements Message {
    @Override
    public void write(WireWriter writer) {
      writer.number(7).number(pid);
    }
  }

  /** The bytes that {@link #decode} reads. */
  default byte[] encode() {
    WireWriter writer = new WireWriter();
    write(writer);
    return writer.toBytes();
  }

  /** Writes the kind and the components. */
  void write(WireWriter writer);

  /**
   * Reads a message from the first bytes of an array.
   *
   * @throws MalformedException when they are none
   */
  static Message decode(byte[] bytes, int length) throws MalformedException {
    WireReader reader = new WireReader(bytes, length);
    int kind = reader.integer();
    Message message =
        switch (kind) {
          case 1 -> new Signal(reader.integer());
          case 2 -> new WindowChanged();
          case 3 -> new Started();
          case 4 -> new Ended(reader.integer(), reader.string());
          case 5 -> new Failed(reader.integer(), reader.string());
          case 6 -> new OutOfMemory();
          case 7 -> new Outlive(reader.integer());
          default -> throw new MalformedException("kind " + kind);
        };
    reader.requireEnd();
    return message;
  }

  /** A sentence that fits. */
  static String cut(String text) {
    return text.length() <= MAXIMUM_BYTES / 2 ? text : text.substring(0, MAXIMUM_BYTES / 2);
  }
}
