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

  /** A message that is received into a buffer. */
  public Incoming(IoBuffer data, boolean peek, boolean wholeLength) {
    this.data = data;
    this.peek = peek;
    this.wholeLength = wholeLength;
  }
}
