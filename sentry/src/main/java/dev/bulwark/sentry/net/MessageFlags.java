package dev.bulwark.sentry.net;

/** Flags of send(2) and recv(2). */
public final class MessageFlags {
  /** Urgent data. */
  public static final int OOB = 0x1;

  /** What is received stays in the queue. */
  public static final int PEEK = 0x2;

  /** To neighbours only. */
  public static final int DONTROUTE = 0x4;

  /** Ancillary data were cut. */
  public static final int CTRUNC = 0x8;

  /** The message was cut; asked for: the result is its whole length. */
  public static final int TRUNC = 0x20;

  /** Does not wait. */
  public static final int DONTWAIT = 0x40;

  /** The end of a record. */
  public static final int EOR = 0x80;

  /** Waits until all is there. */
  public static final int WAITALL = 0x100;

  /** The neighbour is known to be alive. */
  public static final int CONFIRM = 0x800;

  /** From the queue of errors. */
  public static final int ERRQUEUE = 0x2000;

  /** No SIGPIPE. */
  public static final int NOSIGNAL = 0x4000;

  /** More will follow. */
  public static final int MORE = 0x8000;

  /** Waits for the first message only. */
  public static final int WAITFORONE = 0x10000;

  /** Connects and sends. */
  public static final int FASTOPEN = 0x20000000;

  /** Descriptors that are received close on exec. */
  public static final int CMSG_CLOEXEC = 0x40000000;

  private MessageFlags() {}
}
