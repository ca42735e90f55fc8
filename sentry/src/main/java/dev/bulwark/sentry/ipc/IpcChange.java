package dev.bulwark.sentry.ipc;

import java.nio.ByteBuffer;

/** What IPC_SET asks for. */
record IpcChange(int uid, int gid, int mode) {

  /** Reads it from the {@code struct ipc64_perm} at the beginning of a buffer. */
  static IpcChange of(ByteBuffer from) {
    return new IpcChange(from.getInt(4), from.getInt(8), from.getInt(20));
  }
}
