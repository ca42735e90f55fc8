package dev.bulwark.sentry.net;

import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.vfs.FileDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent.
 *
 * @param data its bytes
 * @param address to whom: the bytes of a {@code sockaddr}, or null
 * @param rights files that go with it; the caller keeps its own references
 * @param sender who sends
 * @param flags of {@link MessageFlags}
 * @param control ancillary data as they came, for families that read their own
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Outgoing(
    IoBuffer data,
    byte @Nullable [] address,
    List<FileDescription> rights,
    PeerCredentials sender,
    int flags,
    byte[] control) {
  private static final byte[] NOTHING = {};

  /** A message without flags. */
  public Outgoing(
      IoBuffer data,
      byte @Nullable [] address,
      List<FileDescription> rights,
      PeerCredentials sender) {
    this(data, address, rights, sender, 0, NOTHING);
  }

  /** What is left to be sent of a stream, without what went along with the first bytes. */
  Outgoing rest() {
    return new Outgoing(data, address, List.of(), sender, flags & ~MessageFlags.FASTOPEN, NOTHING);
  }
}
