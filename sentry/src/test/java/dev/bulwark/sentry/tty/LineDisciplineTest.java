package dev.bulwark.sentry.tty;

import static dev.bulwark.sentry.tty.Termios.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.io.IoBuffer;
import dev.bulwark.sentry.signal.Sandbox;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The expected bytes are what Linux 6.18 gave for the same keys and settings. */
class LineDisciplineTest {
  private static final int INPUT = 0;
  private static final int OUTPUT = 4;
  private static final int LOCAL = 12;

  private final Pty pty = new Pty(0, new Sandbox().tree, 0);
  private int opened;

  @BeforeEach
  void open() {
    pty.setLocked(false);
    opened = pty.openSlave(false);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void change(int word, int off, int on) {
    byte[] encoded = pty.termios().encode(SIZE);
    ByteBuffer words = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    words.putInt(word, (words.getInt(word) & ~off) | on);
    pty.setTermios(pty.termios().replacedBy(encoded));
  }

  private void type(String keys) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes(keys));
      assertEquals(keys.length(), pty.type(IoBuffer.of(memory)));
    }
  }

  private void show(String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes(text));
      assertEquals(text.length(), pty.show(IoBuffer.of(memory), opened));
    }
  }

  private String shown() {
    byte[] bytes = new byte[8192];
    return new String(bytes, 0, pty.takeShown(bytes), StandardCharsets.ISO_8859_1);
  }

  /** What a read of that many bytes gives; null when it would wait. */
  private String read(int size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(size);
      long n = pty.readTyped(IoBuffer.of(memory), opened);
      if (n == -Errno.EAGAIN) {
        return "(waits)";
      }
      return new String(
          memory.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }
  }

  private void expect(String keys, String echo, String line) {
    type(keys);
    assertEquals(echo, shown());
    assertEquals(line, read(4096));
  }

  @Test
  void linesEndWithReturn() {
    expect("hello\r", "hello\r\n", "hello\n");
    assertEquals("(waits)", read(10));
    type("a\nb\n");
    assertEquals("a\n", read(10));
    assertEquals("b\n", read(10));
  }

  @Test
  void unfinishedLineIsNotRead() {
    expect("abc", "abc", "(waits)");
    assertEquals(0, pty.readableBytes());
    type("\n");
    assertEquals(4, pty.readableBytes());
    assertEquals("ab", read(2));
    assertEquals("c\n", read(2));
  }

  @Test
  void characterWordAndLineAreErased() {
    expect("helx\177lo\n", "helx\b \blo\r\n", "hello\n");
    expect("abc\025de\n", "abc\b \b\b \b\b \bde\r\n", "de\n");
    expect("foo bar\027x\n", "foo bar\b \b\b \b\b \bx\r\n", "foo x\n");
    expect("foo b.r_ \027x\n", "foo b.r_ \b \b\b \b\b \bx\r\n", "foo b.x\n");
    expect("\025\177\027a\n", "a\r\n", "a\n");
  }

  @Test
  void controlCharactersAreShownAndErasedAsTwo() {
    expect("\001\177\n", "^A\b \b\b \b\r\n", "\n");
    expect("a\001b\177\177\n", "a^Ab\b \b\b \b\b \b\r\n", "a\n");
    change(LOCAL, ECHOCTL, 0);
    expect("a\001\177\n", "a\001\r\n", "a\n");
  }

  @Test
  void tabsAreErasedByTheirWidth() {
    expect("ab\tc\177\177d\n", "ab\tc\b \b" + "\b".repeat(6) + "d\r\n", "abd\n");
    expect("\t\tx\177\177\177\n", "\t\tx\b \b" + "\b".repeat(16) + "\r\n", "\n");
    show("> ");
    expect("a\tb\177\177\n", "> a\tb\b \b" + "\b".repeat(5) + "\r\n", "a\n");
  }

  @Test
  void endOfFileEndsALineWithoutBeingRead() {
    expect("ab\004", "ab", "ab");
    assertEquals("(waits)", read(10));
    expect("\004", "", "");
    assertEquals("(waits)", read(10));
    type("abc\004");
    assertEquals("abc", read(3));
    assertEquals("(waits)", read(3));
  }

  @Test
  void literalNextTakesTheMeaningOfAKey() {
    expect("\026\003x\n", "^\b^Cx\r\n", "\003x\n");
    change(LOCAL, IEXTEN, 0);
    expect("a b\027\026\n", "a b^W^V\r\n", "a b\027\026\n");
  }

  @Test
  void lineIsReprinted() {
    expect("ab\022c\n", "ab^R\r\nabc\r\n", "abc\n");
  }

  @Test
  void echoIsSwitchedInItsVariants() {
    change(LOCAL, ECHO, 0);
    expect("ab\n", "", "ab\n");
    change(LOCAL, 0, ECHONL);
    expect("ab\n", "\r\n", "ab\n");
    change(LOCAL, ECHONL | ECHOE, ECHO);
    expect("ab\177\n", "ab^?\r\n", "a\n");
    change(LOCAL, ECHOKE, ECHOE);
    expect("ab\025c\n", "ab^U\r\nc\r\n", "c\n");
    change(LOCAL, 0, ECHOPRT | ECHOKE);
    expect("abc\177\177d\n", "abc\\cb/d\r\n", "ad\n");
  }

  @Test
  void signalKeyFlushesUnlessToldNotTo() {
    expect("abc\003d\n", "^Cd\r\n", "d\n");
    change(LOCAL, 0, NOFLSH);
    expect("abc\003d\n", "abc^Cd\r\n", "abcd\n");
  }

  @Test
  void rawModeHandsEverythingThrough() {
    change(LOCAL, ICANON | ISIG | ECHO | IEXTEN, 0);
    change(INPUT, ICRNL | IXON, 0);
    expect("a\003\004\r\n\177", "", "a\003\004\r\n\177");
  }

  @Test
  void withoutEditingBytesAreReadAtOnce() {
    change(LOCAL, ICANON, 0);
    expect("a\rb", "a\r\nb", "a\nb");
  }

  @Test
  void switchingEditingMakesALineOfWhatIsThere() {
    type("ab");
    change(LOCAL, ICANON, 0);
    assertEquals("a", read(1));
    change(LOCAL, 0, ICANON);
    assertEquals("b", read(10));
    assertEquals("(waits)", read(10));
  }

  @Test
  void inputIsMapped() {
    change(INPUT, 0, IGNCR);
    expect("a\rb\n", "ab\r\n", "ab\n");
    change(INPUT, IGNCR, INLCR);
    expect("a\nb\r", "a^Mb\r\n", "a\rb\n");
    change(INPUT, INLCR, ISTRIP);
    expect("\341\n", "a\r\n", "a\n");
    change(INPUT, ISTRIP | ICRNL, 0);
    expect("a\r\n", "a^M\r\n", "a\r\n");
    change(INPUT, 0, PARMRK);
    expect("\377a\n", "\377a\r\n", "\377\377a\n");
  }

  @Test
  void charactersOfUtf8AreErasedWhole() {
    expect("a\303\261b\177\177\n", "a\303\261b\b \b\b \b\r\n", "a\303\n");
    change(INPUT, 0, IUTF8);
    expect("a\303\261b\177\177\n", "a\303\261b\b \b\b \b\r\n", "a\n");
    expect("\261\262\177\n", "\261\262\r\n", "\261\262\n");
  }

  @Test
  void anotherCharacterEndsLines() {
    byte[] encoded = pty.termios().encode(SIZE);
    encoded[17 + VEOL] = ';';
    pty.setTermios(pty.termios().replacedBy(encoded));
    expect("ab;cd\n", "ab;cd\r\n", "ab;");
    assertEquals("cd\n", read(10));
  }

  @Test
  void outputIsProcessedAsToldTo() {
    show("a\nb\r\tc\n");
    assertEquals("a\r\nb\r\tc\r\n", shown());
    change(OUTPUT, 0, XTABS);
    show("a\tb\nab\tc\n");
    assertEquals("a       b\r\nab      c\r\n", shown());
    change(OUTPUT, 0, ONOCR);
    show("\rab\r\n");
    assertEquals("ab\r\r\n", shown());
    change(OUTPUT, ONLCR | ONOCR, OCRNL);
    show("a\rb");
    assertEquals("a\nb", shown());
    change(OUTPUT, OCRNL, OLCUC);
    show("abC");
    assertEquals("ABC", shown());
    change(OUTPUT, OPOST, 0);
    show("a\nb");
    assertEquals("a\nb", shown());
  }

  @Test
  void outputStopsAndStartsByKey() {
    type("\023");
    try (Arena arena = Arena.ofConfined()) {
      assertEquals(-Errno.EAGAIN, pty.show(IoBuffer.of(arena.allocate(3)), opened));
    }
    assertEquals(0, pty.pollSlave(opened) & 4);
    type("\021");
    show("abc");
    assertEquals("abc", shown());
  }

  @Test
  void overlongLineKeepsItsBeginningAndItsEnd() {
    change(LOCAL, ECHO, 0);
    type("x".repeat(5000) + "\n");
    assertEquals("x".repeat(4095) + "\n", read(9999));
  }

  @Test
  void withoutEditingTheWriterWaitsForTheReader() {
    change(LOCAL, ICANON | ECHO, 0);
    String much = "x".repeat(20000);
    long taken;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes(much));
      taken = pty.type(IoBuffer.of(memory));
      assertEquals(-Errno.EAGAIN, pty.type(IoBuffer.of(memory)));
    }
    assertEquals(0, pty.pollMaster() & 4);
    long read = 0;
    for (String part = read(9999); !part.equals("(waits)"); part = read(9999)) {
      read += part.length();
    }
    assertEquals(taken, read);
    assertEquals(4, pty.pollMaster() & 4);
  }
}
