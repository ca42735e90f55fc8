package dev.bulwark.sentry.tty;

import dev.bulwark.sentry.signal.Signals;

/**
 * What Linux's default line discipline (N_TTY) makes of typed bytes: signals, flow control, edited
 * lines, echo. Guarded by the lock of the pair.
 */
final class LineDiscipline {
  /** What a byte can do beyond entering the queue. */
  interface Host {
    /** A key sends a signal to the foreground process group. */
    void signal(int signal);

    /** Throws away what waits to be read and to be shown. */
    void flush();

    /** Output is stopped or goes on (^S and ^Q). */
    void flow(boolean stop);

    /** Whether output is stopped. */
    boolean stopped();
  }

  private static final int END_OF_FILE = 0;
  private static final int PARITY_MARK = 0xff;

  private final Host host;
  private final InputQueue queue;
  private final OutputProcessing echo;
  private boolean literal;
  private boolean erasing;
  private Termios termios = Termios.INITIAL;

  LineDiscipline(Host host, InputQueue queue, OutputProcessing echo) {
    this.host = host;
    this.queue = queue;
    this.echo = echo;
  }

  /** New settings: lines become plain bytes or bytes a line, where editing was switched. */
  void configure(Termios next) {
    boolean edited = termios.local(Termios.ICANON);
    boolean edits = next.local(Termios.ICANON);
    termios = next;
    if (edited != edits) {
      literal = false;
      if (edits) {
        queue.makeLine();
      } else {
        queue.dissolveLines();
      }
    }
  }

  /** What was typed is gone, and with it the state of its editing. */
  void reset() {
    queue.clear();
    literal = false;
    erasing = false;
  }

  /** Whether a byte can be received; a line that is too long drops bytes instead of waiting. */
  boolean hasRoom() {
    return queue.free() > 1 || (termios.local(Termios.ICANON) && !queue.hasLine());
  }

  /** Receives a typed byte. */
  void receive(int typed) {
    int c = termios.input(Termios.ISTRIP) ? typed & 0x7f : typed;
    if (termios.input(Termios.IUCLC) && termios.local(Termios.IEXTEN) && c >= 'A' && c <= 'Z') {
      c += 32;
    }
    if (termios.local(Termios.EXTPROC)) {
      store(c);
    } else if (literal) {
      literal = false;
      ordinary(c);
    } else if (!flowControl(c) && !signalKey(c)) {
      if (host.stopped() && termios.input(Termios.IXON) && termios.input(Termios.IXANY)) {
        host.flow(false);
      }
      lineEnds(c);
    }
  }

  private boolean flowControl(int c) {
    if (!termios.input(Termios.IXON)) {
      return false;
    }
    if (termios.is(Termios.VSTART, c)) {
      host.flow(false);
      return true;
    }
    if (termios.is(Termios.VSTOP, c)) {
      host.flow(true);
      return true;
    }
    return false;
  }

  private boolean signalKey(int c) {
    if (!termios.local(Termios.ISIG)) {
      return false;
    }
    int signal;
    if (termios.is(Termios.VINTR, c)) {
      signal = Signals.SIGINT;
    } else if (termios.is(Termios.VQUIT, c)) {
      signal = Signals.SIGQUIT;
    } else if (termios.is(Termios.VSUSP, c)) {
      signal = Signals.SIGTSTP;
    } else {
      return false;
    }
    host.signal(signal);
    if (!termios.local(Termios.NOFLSH)) {
      host.flush();
    }
    if (termios.input(Termios.IXON)) {
      host.flow(false);
    }
    if (termios.local(Termios.ECHO)) {
      echoVisibly(c);
    }
    return true;
  }

  private void lineEnds(int typed) {
    int c = typed;
    if (c == '\r') {
      if (termios.input(Termios.IGNCR)) {
        return;
      }
      if (termios.input(Termios.ICRNL)) {
        c = '\n';
      }
    } else if (c == '\n' && termios.input(Termios.INLCR)) {
      c = '\r';
    }
    if (!termios.local(Termios.ICANON) || !editingKey(c)) {
      ordinary(c);
    }
  }

  private boolean editingKey(int c) {
    boolean extended = termios.local(Termios.IEXTEN);
    if (termios.is(Termios.VERASE, c)) {
      erase(Erase.CHARACTER);
    } else if (termios.is(Termios.VKILL, c)) {
      kill();
    } else if (extended && termios.is(Termios.VWERASE, c)) {
      erase(Erase.WORD);
    } else if (extended && termios.is(Termios.VLNEXT, c)) {
      literal = true;
      if (termios.local(Termios.ECHO)) {
        finishErasing();
        if (termios.local(Termios.ECHOCTL)) {
          put('^');
          put('\b');
        }
      }
    } else if (extended && termios.local(Termios.ECHO) && termios.is(Termios.VREPRINT, c)) {
      reprint(c);
    } else {
      return endsLine(c, extended);
    }
    return true;
  }

  private boolean endsLine(int c, boolean extended) {
    if (c == '\n') {
      if (termios.local(Termios.ECHO) || termios.local(Termios.ECHONL)) {
        put('\n');
      }
      queue.putEnd('\n', false);
      return true;
    }
    if (termios.is(Termios.VEOF, c)) {
      queue.putEnd(END_OF_FILE, true);
      return true;
    }
    if (termios.is(Termios.VEOL, c) || (extended && termios.is(Termios.VEOL2, c))) {
      if (termios.local(Termios.ECHO)) {
        if (queue.lineEmpty()) {
          echo.beginLine();
        }
        echoVisibly(c);
      }
      queue.putEnd(c, false);
      return true;
    }
    return false;
  }

  private void ordinary(int c) {
    if (termios.local(Termios.ECHO)) {
      finishErasing();
      if (c == '\n') {
        put('\n');
      } else if (!full()) {
        if (queue.lineEmpty()) {
          echo.beginLine();
        }
        echoVisibly(c);
      }
    }
    if (c == PARITY_MARK && termios.input(Termios.PARMRK)) {
      store(c);
    }
    store(c);
  }

  /** The last place is kept for the end of the line. */
  private boolean full() {
    return queue.free() <= 1;
  }

  private void store(int c) {
    if (!full()) {
      queue.put(c);
    } else if (termios.input(Termios.IMAXBEL)) {
      put('\007');
    }
  }

  private enum Erase {
    CHARACTER,
    WORD,
    LINE
  }

  private void kill() {
    if (queue.lineEmpty()) {
      return;
    }
    if (!termios.local(Termios.ECHO)) {
      queue.shortenLine(queue.lineLength());
    } else if (termios.local(Termios.ECHOK)
        && termios.local(Termios.ECHOKE)
        && termios.local(Termios.ECHOE)) {
      erase(Erase.LINE);
    } else {
      queue.shortenLine(queue.lineLength());
      finishErasing();
      echoVisibly(termios.character(Termios.VKILL));
      if (termios.local(Termios.ECHOK)) {
        put('\n');
      }
    }
  }

  private void erase(Erase what) {
    boolean inWord = false;
    while (!queue.lineEmpty()) {
      int length = queue.lineLength();
      int start = length;
      int c;
      do {
        start--;
        c = queue.lineByte(start);
      } while (start > 0 && OutputProcessing.continues(termios, c));
      if (OutputProcessing.continues(termios, c)) {
        break; // half a character, which cannot be shown
      }
      if (what == Erase.WORD) {
        if (isWordCharacter(c)) {
          inWord = true;
        } else if (inWord) {
          break;
        }
      }
      queue.shortenLine(length - start);
      if (termios.local(Termios.ECHO)) {
        echoErased(what, c);
      }
      if (what == Erase.CHARACTER) {
        break;
      }
    }
    if (queue.lineEmpty() && termios.local(Termios.ECHO)) {
      finishErasing();
    }
  }

  private static boolean isWordCharacter(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || c == '_'
        || c >= 0x80;
  }

  private void echoErased(Erase what, int c) {
    if (termios.local(Termios.ECHOPRT)) {
      if (!erasing) {
        put('\\');
        erasing = true;
      }
      echoVisibly(c);
    } else if (what == Erase.CHARACTER && !termios.local(Termios.ECHOE)) {
      echoVisibly(termios.character(Termios.VERASE));
    } else if (c == '\t') {
      echoErasedTab();
    } else {
      if (OutputProcessing.isControl(c) && termios.local(Termios.ECHOCTL)) {
        rubOut();
      }
      if (!OutputProcessing.isControl(c) || termios.local(Termios.ECHOCTL)) {
        rubOut();
      }
    }
  }

  private void echoErasedTab() {
    int columns = 0;
    boolean afterTab = false;
    for (int i = queue.lineLength() - 1; i >= 0; i--) {
      int c = queue.lineByte(i);
      if (c == '\t') {
        afterTab = true;
        break;
      }
      if (OutputProcessing.isControl(c)) {
        columns += termios.local(Termios.ECHOCTL) ? 2 : 0;
      } else if (!OutputProcessing.continues(termios, c)) {
        columns++;
      }
    }
    echo.eraseTab(columns, afterTab);
  }

  private void rubOut() {
    put('\b');
    put(' ');
    put('\b');
  }

  private void finishErasing() {
    if (erasing) {
      put('/');
      erasing = false;
    }
  }

  private void reprint(int c) {
    finishErasing();
    echoVisibly(c);
    put('\n');
    for (int i = 0; i < queue.lineLength(); i++) {
      echoVisibly(queue.lineByte(i));
    }
  }

  /** Shows control characters as ^X where that is wanted. */
  private void echoVisibly(int c) {
    if (termios.local(Termios.ECHOCTL) && OutputProcessing.isControl(c) && c != '\t') {
      put('^');
      put(c ^ 0x40);
    } else {
      put(c);
    }
  }

  private void put(int c) {
    echo.put(termios, c);
  }
}
