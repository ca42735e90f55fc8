package dev.bulwark.sentry.fs.epoll;

import dev.bulwark.sentry.vfs.FileDescription;
import dev.bulwark.sentry.wait.PollEvents;
import dev.bulwark.sentry.wait.WaitQueue;
import dev.bulwark.sentry.wait.Waiter;

/** A file that an {@link Epoll} watches under one descriptor. */
final class Interest implements Waiter {
  /** What tells interests of one Epoll apart, as in Linux: the description and the number. */
  record Key(FileDescription file, int fd) {
    @Override
    @SuppressWarnings(
        "ReferenceEquality") // descriptions are what they are, not what they look like
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
      return other instanceof Key key && key.file == file && key.fd == fd;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(file) * 31 + fd;
    }
  }

  final Key key;
  final WaitQueue queue;
  private final Epoll epoll;
  private final Runnable ending = this::fileEnded;

  /** Written under the lock of the Epoll. */
  volatile int events;

  long data;

  /** Whether it is on the ready list; guarded by the list's lock. */
  boolean listed;

  /** Written under the lock of the Epoll. */
  volatile boolean removed;

  Interest(Epoll epoll, Key key, WaitQueue queue, int events, long data) {
    this.epoll = epoll;
    this.key = key;
    this.queue = queue;
    this.events = events;
    this.data = data;
  }

  void start() {
    key.file().atEnd(ending);
    queue.add(this, events & ~EpollEvents.PRIVATE);
  }

  void change(int newEvents, long newData) {
    events = newEvents;
    data = newData;
    queue.remove(this);
    queue.add(this, newEvents & ~EpollEvents.PRIVATE);
  }

  void stop() {
    removed = true;
    queue.remove(this);
    key.file().notAtEnd(ending);
  }

  private void fileEnded() {
    epoll.forget(this);
  }

  /** Whether nothing is reported until it is changed, because it was reported once. */
  private boolean disabled() {
    return (events & ~EpollEvents.PRIVATE) == 0;
  }

  /** What is to be reported now. The caller holds a reference to the file. */
  int ready() {
    return key.file().poll() & events & ~EpollEvents.PRIVATE;
  }

  @Override
  public void wake(int happened) {
    if (!disabled() && (happened & (events | PollEvents.ERR | PollEvents.HUP)) != 0) {
      epoll.happened(this);
    }
  }
}
