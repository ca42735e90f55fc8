package dev.bulwark.sentry.net;

import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.vfs.FileDescription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message to be received: where its bytes go, and what came with them. Used by one thread. */
public final class Incoming {
  /** Where the bytes go. */
  public final IoBuffer data;

  /** Whether it stays in the queue (MSG_PEEK). */
  public final boolean peek;

  /** Whether the result is the length of the message rather than what was stored (MSG_TRUNC). */
  public final boolean wholeLength;

  /** Files that came with it; references of the receiver, who closes what it does not use. */
  public final List<FileDescription> rights = new ArrayList<>();

  /** The sender's address; null when it has none or the socket is connected. */
  public byte @Nullable [] address;

  /** Who sent it; null when the receiver did not ask (SO_PASSCRED). */
  public @Nullable PeerCredentials sender;

  /** Whether bytes were thrown away because there was no room (MSG_TRUNC). */
  public boolean truncated;

  /** What was asked for, of {@link MessageFlags}. */
  public final int flags;

  /** Whether anybody looks at the address. */
  public boolean wantsAddress;

  /** Whether anybody looks at the flags that come back. */
  public boolean wantsFlags;

  /** How many bytes of ancillary data there is room for, for families that write their own. */
  public long controlRoom;

  /** Ancillary data of families that write their own. */
  public byte[] control = {};

  /** Flags that came with it, beside what {@link #truncated} says. */
  public int result;

  /** A message that is received into a buffer. */
  public Incoming(IoBuffer data, int flags) {
    this.data = data;
    this.flags = flags;
    this.peek = (flags & MessageFlags.PEEK) != 0;
    this.wholeLength = (flags & MessageFlags.TRUNC) != 0;
  }
}
