package dev.bulwark.platform.systrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulwark.linux.Sys;
import dev.bulwark.platform.AddressSpace;
import dev.bulwark.platform.CallSite;
import dev.bulwark.platform.CallSites;
import dev.bulwark.platform.Context;
import dev.bulwark.platform.Event;
import dev.bulwark.platform.Platform;
import dev.bulwark.platform.Registers;
import dev.bulwark.platform.Trampoline;
import dev.bulwark.platform.stub.Layout;
import dev.bulwark.platform.stub.Slot;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls from changed call sites in real stubs. */
@Timeout(120)
final class PatchedCallsTest {
  private static final long CODE = 0x400000;
  private static final long DATA = 0x500000;
  private static final long ROOM = 0x380000;
  private static final long ROOM_IN_FILE = 1 << 20;
  private static final String GETPPID = "b86e000000 0f05";
  private static final String BARE = "0f05 483d00f0ffff"; // syscall; cmp $-4096,%rax
  private static final int RX = 5;
  private static final int XMM0 = 160;
  private static final int XSTATE_PARTS = 512;

  private static SystrapPlatform platform;
  private AddressSpace space;
  private Context context;
  private CallSites sites;

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
    sites = Objects.requireNonNull(space.callSites());
  }

  @AfterEach
  void close() {
    context.close();
    space.close();
  }

  /** Maps code whose call before the {@code |} is changed, and points the context at it. */
  private Trampoline load(String text, long number) {
    String hex = text.replace(" ", "");
    int at = hex.indexOf('|') / 2;
    byte[] code = HexFormat.of().parseHex(hex.replace("|", ""));
    byte[] around = new byte[CallSite.BEFORE + CallSite.BEHIND];
    for (int i = 0; i < around.length; i++) {
      int from = at - CallSite.BEFORE + i;
      around[i] = from >= 0 && from < code.length ? code[from] : 0;
    }
    CallSite site = Objects.requireNonNull(CallSite.recognise(CODE + at, number, around));
    sites.addRoom(ROOM);
    Trampoline trampoline = Objects.requireNonNull(sites.place(site));
    MemorySegment room = space.memory().at(ROOM_IN_FILE, CallSites.ROOM);
    room.set(ValueLayout.JAVA_LONG, 0, sites.entry());
    room.asSlice(trampoline.address() - ROOM, Trampoline.SIZE)
        .copyFrom(MemorySegment.ofArray(sites.code(trampoline)));
    sites.add(trampoline);
    byte[] jump = sites.jump(trampoline);
    System.arraycopy(jump, 0, code, (int) (site.start() - CODE), jump.length);
    space.memory().at(0, code.length).copyFrom(MemorySegment.ofArray(code));
    space.mapMemory(context, CODE, 4096, RX, 0);
    space.mapMemory(context, DATA, 4096, 3, 4096);
    space.mapMemory(context, ROOM, CallSites.ROOM, RX, ROOM_IN_FILE);
    assertEquals(0, space.commit(context));
    context.registers().set(Registers.RIP, CODE);
    context.registers().set(Registers.EFLAGS, 0x202);
    context.registers().set(Registers.RSP, DATA + 2048);
    return trampoline;
  }

  private static Platform.Counts since(Platform.Counts before) {
    Platform.Counts now = platform.calls();
    return new Platform.Counts(now.trapped() - before.trapped(), now.patched() - before.patched());
  }

  @Test
  void theFirstCallOfAThreadTrapsAndTheNextOnesDoNot() {
    load(GETPPID + "| ebf7", Sys.GETPPID); // call; jmp to it
    Platform.Counts before = platform.calls();
    for (int i = 0; i < 10; i++) {
      assertEquals(Event.SYSCALL, context.run());
      assertEquals(Sys.GETPPID, context.syscallNumber());
      context.setResult(i);
    }
    assertEquals(new Platform.Counts(1, 9), since(before));
  }

  @Test
  void argumentsAndResultsTravel() {
    load(GETPPID + "| 50 0f05", Sys.GETPPID); // call; push %rax; call
    for (int round = 0; round < 2; round++) {
      Registers registers = context.registers();
      registers.set(Registers.RIP, CODE);
      int[] order = {
        Registers.RDI, Registers.RSI, Registers.RDX, Registers.R10, Registers.R8, Registers.R9
      };
      for (int i = 0; i < 6; i++) {
        registers.set(order[i], 100 + i);
      }
      assertEquals(Event.SYSCALL, context.run());
      for (int i = 0; i < 6; i++) {
        assertEquals(100 + i, context.argument(i));
      }
      assertEquals(CODE + 7, context.instructionPointer());
      context.setResult(4711 + round);
      assertEquals(Event.SYSCALL, context.run());
      assertEquals(4711 + round, context.syscallNumber());
      assertEquals(4711 + round, space.memory().at(4096 + 2040, 8).get(ValueLayout.JAVA_LONG, 0));
      context.registers().set(Registers.RSP, DATA + 2048);
    }
  }

  @Test
  void everyRegisterAndFlagIsKept() {
    // std; stc; call; pushfq; cld; a call that traps
    load("fdf9" + GETPPID + "| 9c fc 0f05", Sys.GETPPID);
    for (int round = 0; round < 3; round++) {
      Registers registers = context.registers();
      registers.set(Registers.RIP, CODE);
      registers.set(Registers.RSP, DATA + 2048);
      for (int i = 0; i < Registers.RSP; i++) {
        registers.set(i, 0x1111_2222_3333_0000L + i);
      }
      space.memory().at(4096 + 2040 - 8, 8).set(ValueLayout.JAVA_LONG, 0, 99);
      assertEquals(Event.SYSCALL, context.run());
      context.setResult(5);
      assertEquals(Event.SYSCALL, context.run());
      registers = context.registers();
      for (int i = 0; i < Registers.RSP; i++) {
        if (i != Registers.RAX && i != Registers.RCX && i != Registers.R11) {
          assertEquals(0x1111_2222_3333_0000L + i, registers.get(i), "register " + i);
        }
      }
      long flags = space.memory().at(4096 + 2040, 8).get(ValueLayout.JAVA_LONG, 0);
      assertEquals(0x401, flags & 0x401, "direction and carry");
      assertEquals(DATA + 2040, registers.rsp());
      assertEquals(
          99,
          space.memory().at(4096 + 2032, 8).get(ValueLayout.JAVA_LONG, 0),
          "what is below the stack pointer is nobody's but the application's");
    }
  }

  @Test
  void askingForRegistersStopsTheThreadBehindItsCall() {
    load(GETPPID + "| ebf7", Sys.GETPPID);
    assertEquals(Event.SYSCALL, context.run());
    context.registers().set(Registers.RBX, 17);
    assertEquals(Event.SYSCALL, context.run());
    Registers registers = context.registers();
    assertEquals(CODE + 7, registers.rip());
    assertEquals(Sys.GETPPID, registers.rax());
    assertEquals(17, registers.get(Registers.RBX));
    registers.set(Registers.RBX, 18);
    context.setResult(1);
    assertEquals(Event.SYSCALL, context.run());
    context.setResult(2);
    assertEquals(2, context.registers().rax());
    assertEquals(18, context.registers().get(Registers.RBX));
    byte[] fp = new byte[platform.fpStateSize()];
    assertEquals(Event.SYSCALL, context.run());
    context.readFpState(fp);
    assertTrue(context.writeFpState(fp));
    // A restarted call goes to the syscall instruction that is still there.
    context.registers().set(Registers.RIP, CODE + 5);
    context.registers().set(Registers.RAX, 123);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(123, context.syscallNumber());
  }

  @Test
  void allRegistersCanBeOthersAfterACall() {
    load(GETPPID + "| 90 9c 0f05", Sys.GETPPID); // call; nop; pushfq; a call that traps
    assertEquals(Event.SYSCALL, context.run());
    context.registers().set(Registers.RIP, CODE);
    assertEquals(Event.SYSCALL, context.run());
    Platform.Counts before = platform.calls();
    context.registers().set(Registers.RIP, CODE);
    assertEquals(Event.SYSCALL, context.run());
    Registers registers = context.registers();
    assertEquals(registers.rip(), registers.get(Registers.RCX));
    assertEquals(registers.get(Registers.EFLAGS), registers.get(Registers.R11));
    for (int i = 0; i < Registers.RSP; i++) {
      registers.set(i, 0x4444_5555_6666_0000L + i);
    }
    registers.set(Registers.RSP, DATA + 1024);
    registers.set(Registers.RIP, CODE + 8);
    registers.set(Registers.EFLAGS, 0x603); // interrupts, direction, carry
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(new Platform.Counts(1, 1), since(before));
    registers = context.registers();
    for (int i = 0; i < Registers.RSP; i++) {
      if (i != Registers.RCX && i != Registers.R11) {
        assertEquals(0x4444_5555_6666_0000L + i, registers.get(i), "register " + i);
      }
    }
    assertEquals(DATA + 1016, registers.rsp());
    long flags = space.memory().at(4096 + 1016, 8).get(ValueLayout.JAVA_LONG, 0);
    assertEquals(0x603, flags & 0xed7);
  }

  @Test
  void floatingPointStateTravelsWithAPatchedCall() {
    // rbx to xmm0; inc %rbp; call; xmm0 to rbx; again
    load("66480f6ec3 48ffc5" + GETPPID + "| 66480f7ec3 ebea", Sys.GETPPID);
    context.registers().set(Registers.RBP, 0);
    byte[] fp = new byte[platform.fpStateSize()];
    ByteBuffer image = ByteBuffer.wrap(fp).order(ByteOrder.LITTLE_ENDIAN);
    context.registers().set(Registers.RBX, 1);
    for (long i = 1; i < 5; i++) {
      assertEquals(Event.SYSCALL, context.run());
      context.readFpState(fp);
      assertEquals(i, image.getLong(XMM0), "in round " + i);
      image.putLong(XMM0, i + 1);
      image.putLong(XSTATE_PARTS, image.getLong(XSTATE_PARTS) | 2);
      assertTrue(context.writeFpState(fp));
    }
    assertEquals(Event.SYSCALL, context.run());
    context.resetFpState();
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(0, context.registers().get(Registers.RBX));
    assertEquals(6, context.registers().get(Registers.RBP), "registers go on");
    image.putInt(512 + 8, 1); // no image that the processor would load
    assertFalse(context.writeFpState(fp));
  }

  @Test
  void basesOfSegmentsCanBeSetAfterAPatchedCall() {
    load(GETPPID + "| ebf7", Sys.GETPPID);
    for (int i = 0; i < 3; i++) {
      assertEquals(Event.SYSCALL, context.run());
      context.registers().fsBase = DATA + i;
      context.setResult(7);
      assertEquals(Event.SYSCALL, context.run());
      assertEquals(DATA + i, context.registers().fsBase);
    }
    context.registers().gsBase = DATA;
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(DATA, context.registers().gsBase);
    assertEquals(CODE + 7, context.registers().rip());
  }

  @Test
  void theMovedInstructionIsExecuted() {
    // xor %eax,%eax; call; cmp; ja +2; jmp to the start; a call that traps
    Trampoline trampoline = load("31c0" + BARE.substring(0, 4) + "|483d00f0ffff 7702 ebf2 0f05", 0);
    for (int i = 0; i < 5; i++) {
      assertEquals(Event.SYSCALL, context.run());
      assertEquals(0, context.syscallNumber());
      assertEquals(CODE + 4, context.instructionPointer());
      context.setResult(i);
    }
    assertEquals(Event.SYSCALL, context.run());
    context.setResult(-5);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(-5, context.syscallNumber());
    assertEquals(CODE + 16, context.registers().rip());
    assertTrue(sites.moved(trampoline.site().returnAddress()));
  }

  @Test
  void whoReturnsToTheMovedInstructionGoesOnInTheTrampoline() {
    load("31c0" + BARE.substring(0, 4) + "|483d00f0ffff 7702 ebf2 0f05", 0);
    context.registers().set(Registers.RIP, CODE + 4); // as from a signal handler
    context.registers().set(Registers.RAX, -9);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(-9, context.syscallNumber());
    // A jump of the application's own meets what stands there now, which traps.
    context.registers().set(Registers.RIP, DATA);
    MemorySegment data = space.memory().at(4096, 16);
    data.copyFrom(
        MemorySegment.ofArray(HexFormat.of().parseHex("ffe3000000000000ffe3000000000000")));
    space.protect(context, DATA, 4096, 7);
    context.registers().set(Registers.RBX, CODE + 4);
    context.registers().set(Registers.RAX, -9);
    assertEquals(Event.KICKED, context.run());
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(-9, context.syscallNumber());
    assertEquals(CODE + 16, context.registers().rip());
  }

  @Test
  void anApplicationThatUsesGsKeepsItAndTraps() {
    load(GETPPID + "| ebf7", Sys.GETPPID);
    context.registers().gsBase = DATA;
    Platform.Counts before = platform.calls();
    for (int i = 0; i < 5; i++) {
      assertEquals(Event.SYSCALL, context.run());
      assertEquals(DATA, context.registers().gsBase);
    }
    assertEquals(new Platform.Counts(5, 0), since(before));
    context.registers().gsBase = 0;
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(0, context.registers().gsBase, "the slot's address is nobody's business");
  }

  @Test
  void noKickIsLost() throws Exception {
    load(GETPPID + "| 48ffc0 75fb ebf2", Sys.GETPPID); // call; a loop of result rounds; again
    int rounds = 3000;
    Thread runner =
        Thread.ofPlatform()
            .start(
                () -> {
                  long fsBase = context.registers().fsBase;
                  for (int i = 0; i < rounds; ) {
                    Event event = context.run();
                    if (event == Event.KICKED) {
                      i++;
                      // Kicked registers are those of the application's own code.
                      long rip = context.instructionPointer();
                      assertTrue(rip >= CODE && rip < CODE + 15, Long.toHexString(rip));
                    } else {
                      assertEquals(Event.SYSCALL, event);
                      if (i % 3 == 0) { // then the thread goes on by another way
                        context.registers().set(Registers.RBX, i);
                        assertEquals(fsBase, context.registers().fsBase);
                        fsBase = DATA + i;
                        context.registers().fsBase = fsBase;
                      }
                      context.setResult(-(i % 5) * 100L - 1);
                    }
                  }
                });
    while (runner.isAlive()) {
      context.kick();
      Thread.onSpinWait();
    }
    runner.join();
  }

  @Test
  void threadsHaveTheirOwnWay() throws Exception {
    load(GETPPID + "| 48ffc3 ebf4", Sys.GETPPID); // call; inc %rbx; again
    context.registers().set(Registers.RBX, 0);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(Event.SYSCALL, context.run());
    Platform.Counts before = platform.calls();
    Context[] threads = new Context[8];
    Thread[] runners = new Thread[threads.length];
    for (int t = 0; t < threads.length; t++) {
      Context thread = context.newThread();
      thread.registers().set(Registers.RIP, CODE);
      thread.registers().set(Registers.RBX, 1000L * t);
      threads[t] = thread;
      runners[t] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 200; i++) {
                      assertEquals(Event.SYSCALL, thread.run());
                      thread.setResult(0);
                    }
                  });
    }
    for (int t = 0; t < threads.length; t++) {
      runners[t].join();
      assertEquals(1000L * t + 199, threads[t].registers().get(Registers.RBX));
      threads[t].close();
    }
    assertEquals(new Platform.Counts(0, 1600), since(before));
  }

  @Test
  void aThreadThatHasEndedServesAgain() throws Exception {
    load(GETPPID + "| 48ffc3 66480f7ec1 0f05", Sys.GETPPID); // call; inc %rbx; xmm0 to rcx; trap
    Slot first = null;
    for (int round = 0; round < 8; round++) {
      byte[] fp = new byte[platform.fpStateSize()];
      context.readFpState(fp);
      ByteBuffer image = ByteBuffer.wrap(fp).order(ByteOrder.LITTLE_ENDIAN);
      image.putLong(XMM0, 77 + round);
      image.putLong(XSTATE_PARTS, image.getLong(XSTATE_PARTS) | 2);
      assertTrue(context.writeFpState(fp));
      Context thread = context.newThread();
      Slot slot = ((SystrapContext) thread).slot();
      if (first == null) {
        first = slot;
      }
      assertEquals(first.index(), slot.index(), "in round " + round);
      Registers registers = thread.registers();
      registers.set(Registers.RIP, CODE);
      registers.set(Registers.RBX, 1000L * round);
      registers.fsBase = DATA + round;
      assertEquals(Event.SYSCALL, thread.run());
      assertEquals(Sys.GETPPID, thread.syscallNumber());
      assertEquals(DATA + round, thread.registers().fsBase);
      assertEquals(0, thread.registers().gsBase);
      if (round % 3 != 0) { // else it ends in a patched call
        assertEquals(Event.SYSCALL, thread.run());
        assertEquals(1000L * round + 1, thread.registers().get(Registers.RBX));
        thread.readFpState(fp);
        assertEquals(77 + round, image.getLong(XMM0));
        assertTrue(thread.sampleCpuTime() >= 0);
      }
      thread.close();
      while (slot.turn() != Layout.TURN_SENTRY) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void identifiersAreAnsweredWithoutTheSentry() {
    load("b827000000 0f05 | 50 0f05", Sys.GETPID); // getpid; push %rax; a call that traps
    context.setIdentity(42, 43);
    assertEquals(Event.SYSCALL, context.run());
    context.setResult(41);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(41, context.syscallNumber());
    context.registers().set(Registers.RIP, CODE);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(42, context.syscallNumber());
    context.setIdentity(0, 0);
    context.registers().set(Registers.RIP, CODE);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(Sys.GETPID, context.syscallNumber());
  }

  @Test
  void whatTheApplicationWritesToItsSlotHarmsOnlyItself() {
    load(GETPPID + "| ebf7", Sys.GETPPID);
    assertEquals(Event.SYSCALL, context.run());
    assertEquals(Event.SYSCALL, context.run());
    Slot slot = ((SystrapContext) context).slot();
    slot.putLong(Layout.SAVED + 8L * Registers.RIP, 0x1ead_beef_0000L);
    slot.putLong(Layout.SAVED + 8L * Registers.RSP, -1);
    assertEquals(Event.FAULT, context.run());
    assertEquals(0x1ead_beef_0000L, context.registers().rip());
  }
}
