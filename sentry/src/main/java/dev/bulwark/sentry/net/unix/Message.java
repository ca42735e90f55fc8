package dev.bulwark.sentry.net.unix;

import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.io.Page;
import dev.bulwark.sentry.net.PeerCredentials;
import dev.bulwark.sentry.vfs.FileDescription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message in a receive queue. Guarded by the queue, or owned by the one who builds it. */
final class Message {
  /** What a message costs its sender besides its bytes, about what Linux accounts. */
  static final int OVERHEAD = 512;

  final UnixSocket from;
  final PeerCredentials sender;
  final List<FileDescription> rights;
  final byte @Nullable [] address;
  private final List<Page> pages = new ArrayList<>(1);
  int offset;
  int length;

  /** What the sender was charged. */
  int charge = OVERHEAD;

  Message(
      UnixSocket from,
      PeerCredentials sender,
      List<FileDescription> rights,
      byte @Nullable [] address) {
    this.from = from;
    this.sender = sender;
    this.rights = rights;
    this.address = address;
  }

  int unread() {
    return length - offset;
  }

  /** Adds a page's worth of bytes at the end; gives how many, or an errno negated. */
  long append(IoBuffer data, Page page) {
    long n = page.fill(data, 0, (int) Math.min(Page.SIZE, data.remaining()));
    if (n <= 0) {
      page.free();
      return n;
    }
    pages.add(page);
    length += (int) n;
    charge += (int) n;
    return n;
  }

  /** Whether more bytes fit into the last page. */
  boolean admits(long more) {
    int used = length % Page.SIZE;
    return used != 0 && used + more <= Page.SIZE;
  }

  /** Adds bytes that {@link #admits} lets in; gives how many, or an errno negated. */
  long extend(IoBuffer data, int most) {
    long n = pages.getLast().fill(data, length % Page.SIZE, most);
    if (n > 0) {
      length += (int) n;
      charge += (int) n;
    }
    return n;
  }

  /** Copies unread bytes out without taking them; gives how many, or EFAULT negated. */
  long copy(IoBuffer to) {
    int at = offset;
    long done = 0;
    while (at < length && to.remaining() > 0) {
      int within = at % Page.SIZE;
      int wanted = (int) Math.min(Math.min(Page.SIZE - within, length - at), to.remaining());
      long n = pages.get(at / Page.SIZE).drain(to, within, wanted);
      if (n < 0) {
        return done > 0 ? done : n;
      }
      done += n;
      at += (int) n;
      if (n < wanted) {
        break;
      }
    }
    return done;
  }

  /** Gives the memory back. */
  void free() {
    pages.forEach(Page::free);
    pages.clear();
  }
}
