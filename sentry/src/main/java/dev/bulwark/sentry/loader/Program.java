package dev.bulwark.sentry.loader;

import dev.bulwark.linux.Errno;
import dev.bulwark.sentry.ErrnoException;
import dev.bulwark.sentry.auth.Credentials;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A program that is ready to be loaded: an ELF file, the interpreter that it names, and its
 * arguments. Owns both files until closed. For one thread.
 */
public final class Program implements AutoCloseable {
  /** How many scripts may interpret each other. */
  private static final int MAX_SCRIPTS = 5;

  private static final int MAX_NAME = 15;
  private static final long CLOCK_TICKS = 100;

  /** What Linux adds to the stack beyond the strings before the first fault. */
  private static final long STACK_ROOM = 128 << 10;

  private final ElfFile program;
  private final @Nullable ElfFile interpreter;
  private final ExecArguments arguments;

  private Program(ElfFile program, @Nullable ElfFile interpreter, ExecArguments arguments) {
    this.program = program;
    this.interpreter = interpreter;
    this.arguments = arguments;
  }

  /**
   * Finds out how to run a file.
   *
   * @param file the opened file, which is the program's from now on, even when this fails
   * @param arguments the strings, which a script rewrites
   * @param reachable whether {@code arguments.filename()} will lead to the file in the new program:
   *     not through a descriptor that is closed on exec
   * @throws ErrnoException ENOEXEC for a file of no known form, ELOOP for too many scripts, ENOENT
   *     for a script that is not reachable, E2BIG, ELIBBAD for an interpreter that is no ELF file,
   *     EIO for files that end early, EINVAL, and what opening an interpreter gives
   */
  public static Program prepare(
      ProgramFile file, ExecArguments arguments, boolean reachable, ProgramOpener opener)
      throws ErrnoException {
    ProgramFile current = file;
    try {
      String path = arguments.filename();
      for (int depth = 0; depth <= MAX_SCRIPTS; depth++) {
        byte[] start = new byte[ScriptLine.LOOK];
        current.read(0, start, 0, start.length);
        if (!ScriptLine.hasMagic(start)) {
          ElfFile elf = ElfFile.read(current, start);
          ElfFile interpreter = openInterpreter(elf, opener);
          return new Program(elf, interpreter, arguments);
        }
        ScriptLine line = ScriptLine.parse(start);
        if (!reachable) {
          throw ErrnoException.of(Errno.ENOENT);
        }
        arguments.interpretedBy(line, path);
        path = line.interpreter();
        ProgramFile next = open(path, opener);
        current.close();
        current = next;
      }
      throw ErrnoException.of(Errno.ELOOP);
    } catch (ErrnoException | RuntimeException e) {
      current.close();
      throw e;
    }
  }

  private static @Nullable ElfFile openInterpreter(ElfFile elf, ProgramOpener opener)
      throws ErrnoException {
    String path = elf.interpreterPath();
    if (path == null) {
      return null;
    }
    ProgramFile file = open(path, opener);
    try {
      byte[] start = new byte[ElfHeader.SIZE];
      ElfFile.readFully(file, 0, start);
      try {
        return ElfFile.read(file, start);
      } catch (ErrnoException e) {
        throw ErrnoException.of(Errno.ELIBBAD);
      }
    } catch (ErrnoException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static ProgramFile open(String path, ProgramOpener opener) throws ErrnoException {
    if (path.isEmpty()) { // in the kernel it leads to the working directory, which does not run
      throw ErrnoException.of(Errno.EACCES);
    }
    return opener.open(path);
  }

  /** The ELF file that runs: of a script, its interpreter. What {@code /proc/PID/exe} shows. */
  public ProgramFile file() {
    return program.file();
  }

  /** The strings, as a script rewrote them. */
  public ExecArguments arguments() {
    return arguments;
  }

  /**
   * Fills an empty address space. On Linux the old program is gone by now: a failure kills the task
   * with SIGSEGV.
   *
   * @param credentials those after exec
   * @param secure whether privileges grew, for AT_SECURE
   * @param random a cryptographically strong source
   * @throws ErrnoException EINVAL, EEXIST, EPERM, ENOMEM or EFAULT for segments that do not fit
   */
  public Image load(
      ImageMemory memory,
      AddressLayout layout,
      HostCpu cpu,
      Credentials credentials,
      boolean secure,
      RandomGenerator random)
      throws ErrnoException {
    memory.setMmapBase(layout.mmapBase());
    byte[] seed = new byte[16];
    random.nextBytes(seed);
    // The stack's size does not depend on where the program goes: lay it out once to learn it.
    InitialStack draft = stack(layout, cpu, credentials, secure, new Places(0, 0, 0, seed));
    long bottom = Segments.pageStart(draft.pointer - STACK_ROOM);
    int execute = program.executableStack() ? ImageMemory.EXECUTE : 0;
    memory.mapStack(
        bottom, layout.stackTop() - bottom, ImageMemory.READ | ImageMemory.WRITE | execute);

    Segments.Placed main = Segments.map(program, bias(memory, layout, bottom), memory);
    long mainEntry = program.header().entry() + main.bias();
    long entry = mainEntry;
    long base = 0;
    if (interpreter != null) {
      long size = Segments.span(interpreter.segments(), memory.limit());
      long lowest = Segments.lowestPage(interpreter.segments());
      long bias = 0;
      if (interpreter.header().type() == ElfHeader.DYNAMIC) {
        long alignment = Segments.alignment(interpreter.segments());
        bias = memory.place(Segments.pageAlign(size), usable(alignment, memory)) - lowest;
      }
      Segments.Placed placed = Segments.map(interpreter, bias, memory);
      base = placed.bias();
      entry = interpreter.header().entry() + bias;
    }
    if (entry < 0 || entry >= memory.limit()) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    long brk = brk(main, layout);
    memory.setBrk(brk);

    Places places = new Places(main.headers(), base, mainEntry, seed);
    InitialStack stack = stack(layout, cpu, credentials, secure, places);
    memory.write(stack.pointer, stack.bytes);
    return new Image(
        entry,
        stack.pointer,
        brk,
        main.codeStart(),
        main.codeEnd(),
        main.dataStart(),
        main.dataEnd(),
        stack.argumentsStart,
        stack.argumentsEnd,
        stack.environmentEnd,
        stack.auxiliary,
        program.file().location(),
        name());
  }

  private InitialStack stack(
      AddressLayout layout, HostCpu cpu, Credentials credentials, boolean secure, Places places) {
    AuxiliaryVector vector = new AuxiliaryVector();
    if (cpu.vdso() != 0) {
      vector.put(AuxiliaryVector.SYSINFO_EHDR, cpu.vdso());
    }
    vector.put(AuxiliaryVector.MINSIGSTKSZ, cpu.signalStack());
    vector.put(AuxiliaryVector.HWCAP, cpu.capabilities());
    vector.put(AuxiliaryVector.PAGESZ, Segments.PAGE);
    vector.put(AuxiliaryVector.CLKTCK, CLOCK_TICKS);
    vector.put(AuxiliaryVector.PHDR, places.headers());
    vector.put(AuxiliaryVector.PHENT, ProgramHeader.SIZE);
    vector.put(AuxiliaryVector.PHNUM, program.header().headerCount());
    vector.put(AuxiliaryVector.BASE, places.interpreter());
    vector.put(AuxiliaryVector.FLAGS, 0);
    vector.put(AuxiliaryVector.ENTRY, places.entry());
    vector.put(AuxiliaryVector.UID, Integer.toUnsignedLong(credentials.uid()));
    vector.put(AuxiliaryVector.EUID, Integer.toUnsignedLong(credentials.euid()));
    vector.put(AuxiliaryVector.GID, Integer.toUnsignedLong(credentials.gid()));
    vector.put(AuxiliaryVector.EGID, Integer.toUnsignedLong(credentials.egid()));
    vector.put(AuxiliaryVector.SECURE, secure ? 1 : 0);
    vector.put(AuxiliaryVector.HWCAP2, cpu.capabilities2());
    return new InitialStack(arguments, layout, vector, places.random());
  }

  /** What the auxiliary vector says of where things are. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Places(long headers, long interpreter, long entry, byte[] random) {}

  /** What is added to the program's addresses. */
  private long bias(ImageMemory memory, AddressLayout layout, long stackBottom)
      throws ErrnoException {
    long size = Segments.span(program.segments(), memory.limit());
    long lowest = Segments.lowestPage(program.segments());
    if (program.header().type() == ElfHeader.EXECUTABLE) {
      // Like MAP_FIXED_NOREPLACE: a program must not lie on the stack that it starts with.
      if (lowest < layout.stackTop() && lowest + size > stackBottom) {
        throw ErrnoException.of(Errno.EEXIST);
      }
      return 0;
    }
    long alignment = usable(Segments.alignment(program.segments()), memory);
    if (interpreter == null) {
      return memory.place(Segments.pageAlign(size), alignment) - lowest;
    }
    long base = layout.pieBase() & -alignment;
    if (base + size > layout.mmapBase()) {
      throw ErrnoException.of(Errno.ENOMEM);
    }
    return base - lowest;
  }

  /** An alignment that can be had; a hostile one of half the address space cannot. */
  private static long usable(long alignment, ImageMemory memory) {
    return alignment > memory.limit() / 8 ? Segments.PAGE : alignment;
  }

  private long brk(Segments.Placed main, AddressLayout layout) {
    // A static PIE lies among the mappings, where a heap could not grow.
    boolean apart = interpreter == null && program.header().type() == ElfHeader.DYNAMIC;
    long end = apart ? layout.pieBase() : Segments.pageAlign(main.end());
    return end + layout.brkShift();
  }

  private String name() {
    String filename = arguments.filename();
    String last = filename.substring(filename.lastIndexOf('/') + 1);
    return last.length() > MAX_NAME ? last.substring(0, MAX_NAME) : last;
  }

  @Override
  public void close() {
    program.file().close();
    if (interpreter != null) {
      interpreter.file().close();
    }
  }
}
