package dev.bulwark.sentry.tty;

/** What packet mode (TIOCPKT) tells the reader of a master. */
final class PacketStatus {
  static final int FLUSH_READ = 1;
  static final int FLUSH_WRITE = 2;
  static final int STOP = 4;
  static final int START = 8;
  static final int NO_STOP = 16;
  static final int DO_STOP = 32;

  private PacketStatus() {}
}
