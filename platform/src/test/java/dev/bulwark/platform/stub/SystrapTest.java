package dev.bulwark.platform.stub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Sys;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.Registers;
import dev.bulwark.platform.systrap.SystrapPlatform;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The platform {@code systrap} does what all do, and what its filter does besides. */
final class SystrapTest extends StubPlatformCases {
  @Override
  protected Platform open() throws IOException {
    return new SystrapPlatform(1, () -> {});
  }

  @Test
  void slotsOfEndedThreadsAreUsedAgain() throws Exception {
    load(SYSCALL);
    for (int i = 0; i < 300; i++) {
      context.newThread().close();
    }
    StubContext last = (StubContext) context.newThread();
    assertTrue(last.slot().index() < 100, "slot " + last.slot().index());
    last.close();
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
