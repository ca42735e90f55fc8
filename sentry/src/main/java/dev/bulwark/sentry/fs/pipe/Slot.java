package dev.bulwark.sentry.fs.pipe;

import dev.bulwark.sentry.io.Page;

/** Bytes in a pipe: a part of one page. Guarded by the pipe's lock. */
final class Slot {
  final Page page;
  int offset;
  int length;

  /** One write in packet mode: a read takes it alone, and drops what it does not want. */
  final boolean packet;

  Slot(Page page, int offset, int length, boolean packet) {
    this.page = page;
    this.offset = offset;
    this.length = length;
    this.packet = packet;
  }

  /** Whether {@code more} bytes can follow in the same page without anybody else seeing it. */
  boolean admits(int more) {
    return !packet && offset + length + more <= Page.SIZE && page.exclusive();
  }

  void consume(int n) {
    offset += n;
    length -= n;
  }
}
