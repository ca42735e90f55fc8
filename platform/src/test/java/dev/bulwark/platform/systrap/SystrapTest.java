package dev.bulwark.platform.systrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.HostCall;
import dev.bulwark.linux.Sys;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Registers;
import dev.bulwark.platform.stub.Layout;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Machine code in real stubs. */
@Timeout(60)
final class SystrapTest {
  private static final long CODE = 0x400000;
  private static final long DATA = 0x500000;
  private static final int RW = 3;
  private static final int RX = 5;
  private static final String SYSCALL = "0f05";
  private static final String LOOP = "ebfe";
  private static final String UD2 = "0f0b";
  private static final int SIGILL = 4;
  private static final int SIGSEGV = 11;
  private static final int SIGSYS = 31;
  private static final int SIGKILL = 9;

  private static SystrapPlatform platform;
  private AddressSpace space;
  private Context context;

  @BeforeAll
  static void start() throws IOException {
    platform = new SystrapPlatform(1, () -> {});
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @BeforeEach
  void newSpace() throws IOException {
    space = platform.newAddressSpace();
    context = space.firstContext();
  }

  @AfterEach
  void close() {
    context.close();
    space.close();
  }

  /** Maps code at CODE and a page of data at DATA, and points the context at the code. */
  private void load(String hex) {
    byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
    space.memory().at(0, code.length).copyFrom(MemorySegment.ofArray(code));
    space.mapMemory(context, CODE, 4096, RX, 0);
    space.mapMemory(context, DATA, 4096, RW, 4096);
    assertEquals(0, space.commit(context));
    context.registers().set(Registers.RIP, CODE);
  }

  @Test
  void systemCallsArriveWithTheirRegistersAndAreAnswered() {
    load(SYSCALL + SYSCALL);
    for (int i = 0; i < Registers.RIP; i++) {
      context.registers().set(i, 1000 + i);
    }
    context.registers().set(Registers.RSP, DATA + 4096);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(1000 + Registers.RAX, context.syscallNumber());
    assertEquals(1000 + Registers.RDI, context.registers().get(Registers.RDI));
    assertEquals(1000 + Registers.R15, context.registers().get(Registers.R15));
    assertEquals(CODE + 2, context.registers().rip());
    context.registers().set(Registers.RAX, 77);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(77, context.syscallNumber());
    assertEquals(CODE + 4, context.registers().rip());
  }

  @Test
  void thirtyTwoBitCallsAreNoCalls() {
    load("cd80");
    context.registers().set(Registers.RAX, Sys.GETPID);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(-1, context.syscallNumber());
  }

  @Test
  void memoryIsSharedWithTheSentryBothWays() {
    // mov (%rdi),%rax; inc %rax; mov %rax,8(%rdi); syscall
    load("488b07 48ffc0 48894708" + SYSCALL);
    space.memory().at(4096, 8).set(ValueLayout.JAVA_LONG, 0, 41);
    context.registers().set(Registers.RDI, DATA);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(42, space.memory().at(4096, 16).get(ValueLayout.JAVA_LONG, 8));
  }

  @Test
  void faultsTellAddressAndKind() {
    load("488907" + SYSCALL); // mov %rax,(%rdi)
    context.registers().set(Registers.RDI, 0x123450);
    assertEquals(Event.FAULT, context.run());
    assertEquals(SIGSEGV, context.fault().signal);
    assertEquals(1, context.fault().code);
    assertEquals(0x123450, context.fault().address);
    assertTrue(context.fault().write());
    assertEquals(14, context.fault().trapNumber);
    assertEquals(CODE, context.registers().rip());
    context.registers().set(Registers.RDI, DATA);
    assertEquals(Event.SYSCALL, context.run());
  }

  @Test
  void operationsChangeWhatIsMapped() {
    load("488b07" + SYSCALL + "488907" + SYSCALL); // load, call, store, call
    context.registers().set(Registers.RDI, DATA);
    assertEquals(Event.SYSCALL, context.run());
    space.protect(context, DATA, 4096, 1);
    assertEquals(0, space.commit(context));
    assertEquals(Event.FAULT, context.run());
    assertEquals(2, context.fault().code);
    space.unmap(context, DATA, 4096);
    assertEquals(0, space.commit(context));
    assertEquals(Event.FAULT, context.run());
    assertEquals(1, context.fault().code);
  }

  @Test
  void presentPagesAreMappedLikeOthers() {
    load("488b07" + SYSCALL + "488907" + SYSCALL); // load, call, store, call
    for (int protection : new int[] {1, RW, 0}) {
      space.memory().at(8192, 8).set(ValueLayout.JAVA_LONG, 0, 4711);
      space.mapPresent(context, 0x1000000, 4096, protection, 8192);
      context.registers().set(Registers.RIP, CODE);
      context.registers().set(Registers.RDI, 0x1000000);
      assertEquals(protection == 0 ? Event.FAULT : Event.SYSCALL, context.run());
      if (protection != 0) {
        assertEquals(4711, context.syscallNumber());
        context.setResult(4712);
        assertEquals(protection == 1 ? Event.FAULT : Event.SYSCALL, context.run());
        long stored = space.memory().at(8192, 8).get(ValueLayout.JAVA_LONG, 0);
        assertEquals(protection == 1 ? 4711 : 4712, stored);
      }
    }
  }

  @Test
  void aFailedOperationIsReportedAndTheNextOnesAreNotMade() {
    load(SYSCALL);
    space.protect(context, 0x900000, 4096, 1);
    space.unmap(context, CODE, 4096);
    assertEquals(-12, space.commit(context));
    assertEquals(Event.SYSCALL, context.run());
  }

  @Test
  void manyOperationsTravelTogether() {
    load(SYSCALL);
    for (int i = 0; i < 200; i++) {
      space.mapMemory(context, 0x1000000 + 8192L * i, 4096, RW, 8192 + 4096L * i);
    }
    assertEquals(0, space.commit(context));
    context.registers().set(Registers.RIP, CODE);
    assertEquals(Event.SYSCALL, context.run());
  }

  @Test
  void aDonatedFileIsMappedAsItsDescriptorPermits() {
    load("488b07 488907" + SYSCALL);
    try (var file = dev.bulwark.platform.MemoryFile.create("test", 1L << 28)) {
      file.at(0, 8).set(ValueLayout.JAVA_LONG, 0, 99);
      byte[] path = ("/proc/self/fd/" + file.fd() + "\0").getBytes(StandardCharsets.UTF_8);
      MemorySegment name = java.lang.foreign.Arena.ofAuto().allocate(path.length);
      name.copyFrom(MemorySegment.ofArray(path));
      int readOnly = (int) HostCall.call(Sys.OPEN, name.address(), 0);
      space.mapFile(context, 0x2000000, 4096, RW, readOnly, 0);
      assertEquals(-13, space.commit(context));
      space.mapFile(context, 0x2000000, 4096, 1, readOnly, 0);
      space.mapMemory(context, 0x3000000, 4096, RW, 8192);
      assertEquals(0, space.commit(context));
      HostCall.call(Sys.CLOSE, readOnly);
      context.registers().set(Registers.RDI, 0x2000000);
      assertEquals(Event.FAULT, context.run());
      assertEquals(99, context.registers().rax());
      assertEquals(2, context.fault().code);
    } catch (dev.bulwark.linux.HostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aKickEndsAnEndlessLoop() throws Exception {
    load(LOOP);
    AtomicReference<Event> event = new AtomicReference<>();
    Thread runner = Thread.ofPlatform().start(() -> event.set(context.run()));
    context.kick();
    runner.join();
    assertEquals(Event.KICKED, event.get());
    assertEquals(CODE, context.registers().rip());
  }

  @Test
  void noKickIsLost() throws Exception {
    load(LOOP);
    int rounds = 2000;
    Thread runner =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < rounds; i++) {
                    assertEquals(Event.KICKED, context.run());
                  }
                });
    while (runner.isAlive()) {
      context.kick();
      Thread.onSpinWait();
    }
    runner.join();
  }

  @Test
  void threadsShareTheAddressSpace() throws Exception {
    load("f0ff07" + SYSCALL); // lock incl (%rdi)
    context.registers().set(Registers.RDI, DATA);
    context.registers().fsBase = 0x12345;
    CountDownLatch done = new CountDownLatch(20);
    for (int i = 0; i < 20; i++) {
      Context thread = context.newThread();
      Thread.ofPlatform()
          .start(
              () -> {
                if (thread.run() == Event.SYSCALL && thread.registers().fsBase == 0x12345) {
                  done.countDown();
                }
                thread.close();
              });
    }
    done.await();
    assertEquals(20, space.memory().at(4096, 4).get(ValueLayout.JAVA_INT, 0));
  }

  @Test
  void slotsOfEndedThreadsAreUsedAgain() throws Exception {
    load(SYSCALL);
    for (int i = 0; i < 300; i++) {
      context.newThread().close();
    }
    SystrapContext last = (SystrapContext) context.newThread();
    assertTrue(last.slot().index() < 100, "slot " + last.slot().index());
    last.close();
  }

  @Test
  void basesOfSegmentsArePutAndGot() {
    load("64488b07" + SYSCALL); // mov %fs:(%rdi),%rax
    space.memory().at(4096 + 0x80, 8).set(ValueLayout.JAVA_LONG, 0, 4711);
    context.registers().fsBase = DATA;
    context.registers().set(Registers.RDI, 0x80);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(4711, context.syscallNumber());
    assertEquals(DATA, context.registers().fsBase);
  }

  @Test
  void floatingPointStateIsReadWrittenReset() throws Exception {
    // movq %rax,%xmm3; syscall; movq %xmm3,%rax; syscall
    load("66480f6ed8" + SYSCALL + "66480f7ed8" + SYSCALL);
    context.registers().set(Registers.RAX, 0x1122334455667788L);
    assertEquals(Event.SYSCALL, context.run());
    byte[] image = new byte[platform.fpStateSize()];
    context.readFpState(image);
    byte[] xmm3 = java.util.Arrays.copyOfRange(image, 160 + 48, 160 + 56);
    assertArrayEquals(HexFormat.of().parseHex("8877665544332211"), xmm3);
    image[160 + 48] = 0x42;
    assertTrue(context.writeFpState(image));
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(0x1122334455667742L, context.syscallNumber());
    context.registers().set(Registers.RIP, CODE + 7);
    context.resetFpState();
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(0, context.syscallNumber());
    image[512 + 10] = 1;
    assertFalse(context.writeFpState(image), "a reserved byte of the header is set");
  }

  @Test
  void aKilledStubIsNoticed() throws Exception {
    load(LOOP);
    AtomicReference<Event> event = new AtomicReference<>();
    Thread runner = Thread.ofPlatform().start(() -> event.set(context.run()));
    int pid = space.hostPid();
    HostCall.call(Sys.KILL, pid, SIGKILL);
    runner.join();
    assertEquals(Event.DIED, event.get());
    assertEquals(SIGKILL, space.deathStatus());
    assertEquals(-3, commitAnything());
  }

  private int commitAnything() {
    space.unmap(context, DATA, 4096);
    return space.commit(context);
  }

  @Test
  void aCallFromStubTextThatTheStubNeverMakesKillsOnlyThisStub() throws Exception {
    long syscallInStub = findInStub("0f05");
    load("ffe3"); // jmp *%rbx
    context.registers().set(Registers.RBX, syscallInStub);
    context.registers().set(Registers.RAX, Sys.GETPID);
    assertEquals(Event.DIED, context.run());
    assertEquals(SIGSYS, space.deathStatus() & 0x7f);
    try (AddressSpace other = platform.newAddressSpace()) {
      assertEquals(Event.FAULT, other.firstContext().run());
      other.firstContext().close();
    }
  }

  @Test
  void aCallFromStubTextWithForeignArgumentsKillsTheStub() throws Exception {
    long syscallInStub = findInStub("0f05");
    load("ffe3");
    Registers registers = context.registers();
    registers.set(Registers.RBX, syscallInStub);
    registers.set(Registers.RAX, Sys.MPROTECT); // the stub's own text, writable
    registers.set(Registers.RDI, 0x7fe000000000L);
    registers.set(Registers.RSI, 4096);
    registers.set(Registers.RDX, 7);
    assertEquals(Event.DIED, context.run());
    assertEquals(SIGSYS, space.deathStatus() & 0x7f);
  }

  @Test
  void aThreadThatBlocksItsKickIsGivenUp() throws Exception {
    // jmp *%rbx into rt_sigreturn, with a frame at DATA that blocks all signals and resumes at LOOP
    load("ffe3" + LOOP);
    MemorySegment frame = space.memory().at(4096, 4096);
    frame.set(ValueLayout.JAVA_LONG, Layout.UC_REGISTERS + 8 * Registers.RIP, CODE + 2);
    frame.set(ValueLayout.JAVA_LONG, Layout.UC_REGISTERS + 8 * Registers.EFLAGS, 0x202);
    frame.set(
        ValueLayout.JAVA_LONG, Layout.UC_REGISTERS + 8 * Registers.COUNT, 0x002b000000000033L);
    frame.set(ValueLayout.JAVA_LONG, 296, -1);
    context.registers().set(Registers.RBX, findInStub("0f05"));
    context.registers().set(Registers.RAX, Sys.RT_SIGRETURN);
    context.registers().set(Registers.RSP, DATA);
    AtomicReference<Event> event = new AtomicReference<>();
    Thread runner = Thread.ofPlatform().start(() -> event.set(context.run()));
    while (space.cpuTimeNanos() < 20_000_000) { // it loops by now
      Thread.onSpinWait();
    }
    context.kick();
    runner.join();
    assertEquals(Event.DIED, event.get());
  }

  @Test
  void scribblingOverTheSlotHarmsOnlyTheStub() {
    // mov $-1,%rax; mov $0x20000/8,%ecx; rep stos %rax,(%rdi); syscall
    load("48c7c0ffffffff b900400000 f348ab" + SYSCALL);
    context.registers().set(Registers.RDI, Layout.SLOTS_START);
    Event event = context.run();
    assertTrue(event == Event.SYSCALL || event == Event.DIED || event == Event.FAULT, "" + event);
    assertEquals(Event.DIED, event == Event.DIED ? event : runOutOfLuck());
  }

  private Event runOutOfLuck() {
    Event event = Event.SYSCALL;
    for (int i = 0; i < 10 && event != Event.DIED; i++) {
      context.registers().set(Registers.RIP, CODE);
      context.registers().set(Registers.RDI, Layout.SLOTS_START);
      event = context.run();
      if (i == 9) {
        space.close();
        event = context.run();
      }
    }
    return event;
  }

  @Test
  void aTrapInsideApplicationCodeIsAFault() {
    load(UD2);
    assertEquals(Event.FAULT, context.run());
    assertEquals(SIGILL, context.fault().signal);
    assertEquals(CODE, context.fault().address);
  }

  @Test
  void cpuTimeOfTheApplicationIsMeasured() {
    // mov $0x4000000,%ecx; dec %ecx; jnz -4; syscall
    load("b900000004 ffc9 75fc" + SYSCALL);
    long before = context.sampleCpuTime();
    assertEquals(Event.SYSCALL, context.run());
    assertTrue(context.sampleCpuTime() > before + 1_000_000);
    assertTrue(space.cpuTimeNanos() >= context.cpuTimeNanos());
  }

  private static long findInStub(String hex) throws IOException {
    try (var in = SystrapPlatform.class.getResourceAsStream("/dev/bulwark/platform/stub/stub")) {
      byte[] image = in.readAllBytes();
      String text = HexFormat.of().formatHex(image);
      // The text starts where its program header says: file offset and address differ by a
      // constant.
      int offset = text.indexOf(hex, 2 * 0xc0) / 2;
      return 0x7fe000000000L + offset;
    }
  }
}
