package dev.bulwark.sentry.wait;

/** Event bits of poll(2) on x86-64, which epoll(7) shares. */
public final class PollEvents {
  /** There is data to read. */
  public static final int IN = 0x1;

  /** There is urgent data to read. */
  public static final int PRI = 0x2;

  /** Writing would not block. */
  public static final int OUT = 0x4;

  /** An error is pending; always reported. */
  public static final int ERR = 0x8;

  /** The other side is gone; always reported. */
  public static final int HUP = 0x10;

  /** The descriptor is not open; always reported. */
  public static final int NVAL = 0x20;

  /** The same as {@link #IN}. */
  public static final int RDNORM = 0x40;

  /** Priority band data can be read. */
  public static final int RDBAND = 0x80;

  /** The same as {@link #OUT}. */
  public static final int WRNORM = 0x100;

  /** Priority band data can be written. */
  public static final int WRBAND = 0x200;

  /** The peer shut its writing half. */
  public static final int RDHUP = 0x2000;

  /** What a plain file always is: readable and writable. */
  public static final int ALWAYS_READY = IN | OUT | RDNORM | WRNORM;

  private PollEvents() {}
}
