package dev.bulwark.sentry.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramTest {
  private static final long STACK_LIMIT = 8L << 20;
  private static final HostCpu CPU = new HostCpu(0x1f8bfbff, 2, 3632);
  private static final String SOURCE =
      "int data[2000] = {42}; int zero[5000]; int main(void) { return data[1] + zero[3]; }";
  private static final String BARE =
      "int data[2000] = {42}; int zero[5000]; void _start(void) { zero[3] = data[1]; for (;;); }";

  @TempDir Path directory;

  private final FakeFile.Tree tree = new FakeFile.Tree();
  private final FakeMemory memory = new FakeMemory();

  private static AddressLayout layout() {
    return AddressLayout.random(FakeMemory.LIMIT, STACK_LIMIT, new Random(7));
  }

  private static ExecArguments arguments(String... strings) throws ErrnoException {
    return ExecArguments.of(
        "/bin/program", List.of(strings), List.of("A=1", "B=\u00e9"), STACK_LIMIT);
  }

  private Image load(byte[] program) throws ErrnoException {
    return load(Program.prepare(new FakeFile(program), arguments("program", "x"), true, tree));
  }

  private Image load(Program program) throws ErrnoException {
    Credentials root = Credentials.of(0, 0, new int[0], 0);
    return program.load(memory, layout(), CPU, root, false, new Random(1));
  }

  private Map<Long, Long> auxiliary(Image image) throws ErrnoException {
    long at = image.stackPointer();
    long argc = memory.longAt(at);
    at += 8 * (argc + 2);
    while (memory.longAt(at) != 0) {
      at += 8;
    }
    Map<Long, Long> pairs = new TreeMap<>();
    for (at += 8; memory.longAt(at) != 0; at += 16) {
      pairs.put(memory.longAt(at), memory.longAt(at + 8));
    }
    return pairs;
  }

  private static long value(Map<Long, Long> pairs, long key) {
    return Objects.requireNonNull(pairs.get(key));
  }

  private static void assertErrno(int errno, org.junit.jupiter.api.function.Executable action) {
    ErrnoException thrown = assertThrows(ErrnoException.class, action);
    assertEquals(Errno.name(errno), Errno.name(thrown.errno()));
  }

  @Test
  void staticProgramLiesWhereItWants() throws Exception {
    byte[] program = Gcc.compile(directory, BARE, "-nostdlib", "-static", "-no-pie");
    Image image = load(program);
    ElfHeader header = ElfHeader.parse(program);
    assertEquals(header.entry(), image.entry());
    assertArrayEquals(
        Arrays.copyOf(program, 64), bytesAt(image.codeStart(), 64), "the file's first page");
    assertTrue(image.brk() >= image.dataEnd());
    assertEquals(image.brk(), memory.brk);
    assertEquals(0, value(auxiliary(image), AuxiliaryVector.BASE));
    assertEquals(image.codeStart() + 64, value(auxiliary(image), AuxiliaryVector.PHDR));
  }

  private byte[] bytesAt(long address, int length) throws ErrnoException {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = memory.byteAt(address + i);
    }
    return bytes;
  }

  @Test
  void whatTheFileDoesNotHaveIsZero() throws Exception {
    Image image = load(Gcc.compile(directory, BARE, "-nostdlib", "-static", "-no-pie"));
    FakeMemory.Area data = memory.areaAt(image.dataEnd() - 1);
    assertEquals(ImageMemory.READ | ImageMemory.WRITE, data.protection());
    for (long at = image.dataEnd(); at < image.dataEnd() + 20000; at++) {
      assertEquals(0, memory.byteAt(at));
    }
  }

  @Test
  void staticPositionIndependentProgramLiesAmongTheMappings() throws Exception {
    Image image = load(Gcc.compile(directory, SOURCE, "-static-pie"));
    assertTrue(image.codeStart() < layout().mmapBase());
    assertTrue(image.codeStart() > layout().mmapBase() - (64 << 20));
    assertTrue(image.brk() >= layout().pieBase() && image.brk() < image.codeStart());
    assertEquals(image.entry(), value(auxiliary(image), AuxiliaryVector.ENTRY));
  }

  @Test
  void dynamicProgramStartsInItsInterpreter() throws Exception {
    byte[] program = Gcc.compile(directory, SOURCE, "-pie");
    byte[] loader = Files.readAllBytes(Path.of("/lib64/ld-linux-x86-64.so.2"));
    FakeFile interpreter = new FakeFile(loader);
    interpreter.open = 0;
    tree.files.put("/lib64/ld-linux-x86-64.so.2", interpreter);
    FakeFile file = new FakeFile(program);
    try (Program ready = Program.prepare(file, arguments("program"), true, tree)) {
      Image image = load(ready);
      Map<Long, Long> pairs = auxiliary(image);
      long base = value(pairs, AuxiliaryVector.BASE);
      assertEquals(base + ElfHeader.parse(loader).entry(), image.entry());
      assertEquals(layout().pieBase(), image.codeStart());
      assertEquals(
          layout().pieBase() + ElfHeader.parse(program).entry(),
          value(pairs, AuxiliaryVector.ENTRY));
      assertEquals(layout().pieBase() + 64, value(pairs, AuxiliaryVector.PHDR));
      assertEquals(56, value(pairs, AuxiliaryVector.PHENT));
      assertEquals(1, interpreter.open);
    }
    assertEquals(0, interpreter.open);
    assertEquals(0, file.open);
  }

  @Test
  void stackHoldsStringsAndTables() throws Exception {
    Image image = load(Gcc.compile(directory, BARE, "-nostdlib", "-static", "-no-pie"));
    long sp = image.stackPointer();
    assertEquals(0, sp & 15);
    assertEquals(2, memory.longAt(sp));
    assertEquals("program", memory.stringAt(memory.longAt(sp + 8)));
    assertEquals("x", memory.stringAt(memory.longAt(sp + 16)));
    assertEquals(0, memory.longAt(sp + 24));
    assertEquals("A=1", memory.stringAt(memory.longAt(sp + 32)));
    assertEquals("B=\u00e9", memory.stringAt(memory.longAt(sp + 40)));
    assertEquals(0, memory.longAt(sp + 48));
    assertEquals(image.argumentsStart(), memory.longAt(sp + 8));
    assertEquals(image.argumentsEnd(), memory.longAt(sp + 32));
    Map<Long, Long> pairs = auxiliary(image);
    assertEquals("/bin/program", memory.stringAt(value(pairs, AuxiliaryVector.EXECFN)));
    assertEquals(image.environmentEnd(), value(pairs, AuxiliaryVector.EXECFN));
    assertEquals("x86_64", memory.stringAt(value(pairs, AuxiliaryVector.PLATFORM)));
    assertEquals(CPU.capabilities(), value(pairs, AuxiliaryVector.HWCAP));
    byte[] random = new byte[16];
    new Random(1).nextBytes(random);
    assertArrayEquals(random, bytesAt(value(pairs, AuxiliaryVector.RANDOM), 16));
    assertEquals(0, memory.longAt(layout().stackTop() - 8));
    assertEquals("program", image.name());
  }

  @Test
  void executableStackOnlyOnRequest() throws Exception {
    Image image =
        load(Gcc.compile(directory, BARE, "-nostdlib", "-static", "-no-pie", "-z", "execstack"));
    assertEquals(7, memory.areaAt(image.stackPointer()).protection());
    image = load(Gcc.compile(directory, BARE, "-nostdlib", "-static", "-no-pie"));
    assertEquals(3, memory.areaAt(image.stackPointer()).protection());
  }

  @Test
  void scriptRunsItsInterpreter() throws Exception {
    byte[] shell = Gcc.compile(directory, BARE, "-nostdlib", "-static", "-no-pie");
    tree.files.put("/bin/sh", new FakeFile(shell));
    FakeFile script = FakeFile.of("#! /bin/sh  -e  -x \necho\n");
    ExecArguments arguments = arguments("ignored", "one");
    Program program = Program.prepare(script, arguments, true, tree);
    assertEquals(
        List.of("/bin/sh", "-e  -x", "/bin/program", "one"), program.arguments().arguments());
    assertEquals(0, script.open);
    Image image = load(program);
    assertEquals("program", image.name());
    assertEquals("/bin/program", memory.stringAt(value(auxiliary(image), AuxiliaryVector.EXECFN)));
  }

  @Test
  void fiveScriptsInARowAreTheMost() throws Exception {
    byte[] shell = Gcc.compile(directory, BARE, "-nostdlib", "-static", "-no-pie");
    tree.files.put("0", new FakeFile(shell));
    for (int i = 1; i <= 6; i++) {
      tree.files.put("" + i, FakeFile.of("#!" + (i - 1) + "\n"));
    }
    Program program = Program.prepare(FakeFile.of("#!4\n"), arguments("a"), true, tree);
    assertEquals(List.of("0", "1", "2", "3", "4", "/bin/program"), program.arguments().arguments());
    assertErrno(
        Errno.ELOOP, () -> Program.prepare(FakeFile.of("#!5\n"), arguments("a"), true, tree));
  }

  @Test
  void scriptThatTheInterpreterCannotReachIsMissing() {
    assertErrno(
        Errno.ENOENT, () -> Program.prepare(FakeFile.of("#!/x\n"), arguments("a"), false, tree));
  }

  @Test
  void emptyInterpreterIsTheWorkingDirectory() {
    assertErrno(Errno.EACCES, () -> Program.prepare(FakeFile.of("#!"), arguments("a"), true, tree));
  }

  @Test
  void unknownFormsAreRefused() {
    for (String contents :
        List.of("", "\u007fELF", "hello", "#!\n", "#!  \n", "#!/" + "x".repeat(300))) {
      FakeFile file = FakeFile.of(contents);
      assertErrno(Errno.ENOEXEC, () -> Program.prepare(file, arguments("a"), true, tree));
      assertEquals(0, file.open);
    }
  }

  @Test
  void brokenInterpreterIsABadLibrary() throws Exception {
    byte[] program = Gcc.compile(directory, SOURCE, "-pie");
    assertErrno(
        Errno.ENOENT, () -> Program.prepare(new FakeFile(program), arguments("a"), true, tree));
    FakeFile broken = FakeFile.of("x".repeat(100));
    tree.files.put("/lib64/ld-linux-x86-64.so.2", broken);
    assertErrno(
        Errno.ELIBBAD, () -> Program.prepare(new FakeFile(program), arguments("a"), true, tree));
    assertEquals(1, broken.open);
    tree.files.put("/lib64/ld-linux-x86-64.so.2", FakeFile.of("short"));
    assertErrno(
        Errno.EIO, () -> Program.prepare(new FakeFile(program), arguments("a"), true, tree));
  }

  @Test
  void argumentsAreBounded() {
    String long1 = "x".repeat(ExecArguments.MAX_STRING - 1);
    assertErrno(Errno.E2BIG, () -> arguments("x".repeat(ExecArguments.MAX_STRING)));
    assertErrno(Errno.E2BIG, () -> ExecArguments.of("p", List.of(long1, long1), List.of(), 4096));
    String[] many = new String[20];
    Arrays.fill(many, long1);
    assertErrno(Errno.E2BIG, () -> arguments(many));
  }

  @Test
  void noArgumentsBecomeAnEmptyOne() throws Exception {
    assertEquals(List.of(""), arguments().arguments());
  }

  @Test
  void addressesAreRandomWithinTheirBounds() {
    Random random = new Random(3);
    for (int i = 0; i < 1000; i++) {
      AddressLayout layout = AddressLayout.random(FakeMemory.LIMIT, -1, random);
      assertTrue(layout.mmapBase() > 0 && layout.mmapBase() < layout.stackTop());
      layout = AddressLayout.random(FakeMemory.LIMIT, STACK_LIMIT, random);
      assertTrue(layout.pieBase() + (1L << 40) < layout.mmapBase());
      assertTrue(layout.mmapBase() + STACK_LIMIT < layout.stackTop());
      assertEquals(
          0, (layout.pieBase() | layout.mmapBase() | layout.stackTop() | layout.brkShift()) & 4095);
    }
  }

  @Test
  void fixedLayoutIsTheOneOfDebuggers() {
    AddressLayout layout = AddressLayout.fixed(FakeMemory.LIMIT, STACK_LIMIT);
    assertEquals(0x555555554000L, layout.pieBase());
    assertEquals(FakeMemory.LIMIT, layout.stackTop());
  }

  @Test
  void corruptedFilesFailWithAnErrno() throws Exception {
    byte[] dynamic = Gcc.compile(directory, SOURCE, "-pie");
    byte[] fixed = Gcc.compile(directory, BARE, "-nostdlib", "-static", "-no-pie");
    tree.files.put(
        "/lib64/ld-linux-x86-64.so.2",
        new FakeFile(Files.readAllBytes(Path.of("/lib64/ld-linux-x86-64.so.2"))));
    Random random = new Random(42);
    int loaded = 0;
    for (int round = 0; round < 4000; round++) {
      byte[] bytes = (round % 2 == 0 ? dynamic : fixed).clone();
      int headersEnd = 64 + 56 * 14;
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        int at = random.nextInt(headersEnd);
        bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : -1 << random.nextInt(8));
      }
      if (random.nextInt(8) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      FakeMemory fresh = new FakeMemory();
      FakeFile file = new FakeFile(bytes);
      try (Program program = Program.prepare(file, arguments("a"), true, tree)) {
        Image image =
            program.load(fresh, layout(), CPU, Credentials.of(1, 1, new int[0], 0), false, random);
        assertTrue(image.entry() >= 0 && image.entry() < FakeMemory.LIMIT);
        assertTrue(fresh.brk > 0);
        loaded++;
      } catch (ErrnoException e) {
        assertFalse(e.errno() == Errno.E2BIG);
      }
      assertEquals(0, file.open);
    }
    assertTrue(loaded > 100, "too few still load: " + loaded);
  }
}
