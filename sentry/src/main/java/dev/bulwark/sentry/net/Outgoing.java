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
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Outgoing(
    IoBuffer data,
    byte @Nullable [] address,
    List<FileDescription> rights,
    PeerCredentials sender) {}
