package dev.bulwark.sentry.fs.proc;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The texts that open files of /proc have made and that are not read to the end. They are bounded
 * together, because an application can open as many files as it likes and a text can have
 * megabytes: when there are too many, those that were read longest ago are dropped, and made anew
 * when they are read again. Thread-safe; a leaf among the locks.
 */
final class KeptTexts {
  /** What an entry takes beside its bytes, about. */
  private static final int OVERHEAD = 100;

  private final long most;
  private final Map<Object, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /**
   * No texts yet.
   *
   * @param most bytes of all texts; the newest one is kept even if it alone is longer
   */
  KeptTexts(long most) {
    this.most = most;
  }

  /** Those of this process: a thirty-second of the heap. */
  static final KeptTexts OF_PROCESS = new KeptTexts(Runtime.getRuntime().maxMemory() / 32);

  /** The text of a file; null when it has none or it was dropped. */
  synchronized byte @Nullable [] of(Object file) {
    return kept.get(file);
  }

  /** Keeps a text in place of the file's last. */
  synchronized void keep(Object file, byte[] text) {
    drop(file);
    kept.put(file, text);
    bytes += text.length + OVERHEAD;
    Iterator<Map.Entry<Object, byte[]>> oldest = kept.entrySet().iterator();
    while (bytes > most && kept.size() > 1) {
      bytes -= oldest.next().getValue().length + OVERHEAD;
      oldest.remove();
    }
  }

  /** Forgets a file's text. */
  synchronized void drop(Object file) {
    byte[] text = kept.remove(file);
    if (text != null) {
      bytes -= text.length + OVERHEAD;
    }
  }

  /** How many bytes are kept, overhead included. */
  synchronized long bytes() {
    return bytes;
  }
}
