package dev.bulwark.platform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which text is changed, and into what. */
final class CallSiteTest {
  private static final long RETURN = 0x401020;

  /** Text with the bytes before {@code |} ending at the return address. */
  private static @Nullable CallSite site(String text, long number) {
    String hex = text.replace(" ", "");
    int bar = hex.indexOf('|') < 0 ? hex.length() : hex.indexOf('|');
    byte[] bytes = HexFormat.of().parseHex(hex.replace("|", ""));
    byte[] all = new byte[CallSite.BEFORE + CallSite.BEHIND];
    System.arraycopy(bytes, 0, all, CallSite.BEFORE - bar / 2, bytes.length);
    return CallSite.recognise(RETURN, number, all);
  }

  private static CallSite recognise(String text, long number) {
    return Objects.requireNonNull(site(text, number));
  }

  private static CallSite moving(long returnAddress) {
    byte[] text = HexFormat.of().parseHex("000000000000000000000f05483d00f0ffff7700");
    return Objects.requireNonNull(CallSite.recognise(returnAddress, 0, text));
  }

  @Test
  void aLoadOfTheNumberMakesRoomForAJump() {
    CallSite site = recognise("b827000000 0f05 |", 39);
    assertTrue(site.loads());
    assertEquals(RETURN - 7, site.start());
    assertArrayEquals(HexFormat.of().parseHex("b827000000"), site.original());
    assertEquals(RETURN - 9, recognise("48c7c027000000 0f05 |", 39).start());
  }

  @Test
  void withoutALoadTheNextInstructionMoves() {
    CallSite site = recognise("31c0 0f05 | 483d00f0ffff 7701", 0);
    assertFalse(site.loads());
    assertEquals(RETURN - 2, site.start());
    assertArrayEquals(HexFormat.of().parseHex("0f05483d00f0ffff"), site.original());
    assertEquals(6, recognise("0f05 | 4883f8ff", 1).length());
    assertEquals(5, recognise("0f05 | 4889c3", 1).length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b828000000 0f05 |", // another number
        "41b827000000 0f05 |", // mov $39,%r8d
        "c745b827000000 0f05 |", // movl $39,-72(%rbp)
        "c74424b827000000 0f05 |", // movl $39,-72(%rsp)
        "0f05 | c3", // ret
        "0f05 | 7205483d", // a relative jump
        "0f05 | 488b0500000000", // relative to the instruction pointer
        "0f05 | 85c0 7501", // too short
        "0f34 | 483d00f0ffff",
        "b827000000 cd80 |",
      })
  void whatIsNotSureIsLeftAlone(String text) {
    assertNull(site(text, 39));
  }

  private static Trampoline placed(CallSites sites, CallSite site) {
    sites.addRoom(0x3f0000);
    Trampoline trampoline = Objects.requireNonNull(sites.place(site));
    sites.add(trampoline);
    return trampoline;
  }

  @Test
  void whoReturnsIntoAJumpMeetsAnInstructionThatTraps() {
    CallSites sites = new CallSites(0x1234, 1);
    for (long distance = 0; distance < 0x20000; distance += 0x1733) {
      int landing = sites.jump(placed(sites, moving(RETURN + distance)))[2] & 0xff;
      assertTrue(traps(landing), Integer.toHexString(landing));
    }
  }

  /** Whether an opcode is undefined in 64-bit mode, or privileged. */
  private static boolean traps(int opcode) {
    return switch (opcode) {
      case 0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x60, 0x61, 0xce ->
          true;
      case 0x6c, 0x6d, 0x6e, 0x6f, 0xec, 0xed, 0xee, 0xef, 0xf4, 0xfa, 0xfb -> true;
      default -> false;
    };
  }

  @Test
  void instructionPointersInsideTrampolinesAreNotShown() {
    CallSites sites = new CallSites(0x1234, 1);
    Trampoline loading = placed(sites, recognise("b827000000 0f05 |", 39));
    long at = loading.address();
    assertEquals(RETURN - 7, sites.shown(at));
    assertEquals(RETURN - 2, sites.shown(at + 5));
    assertEquals(RETURN - 2, sites.shown(at + 12));
    assertEquals(RETURN, sites.real(RETURN));
    assertFalse(sites.moved(RETURN));

    Trampoline moving = placed(sites, moving(RETURN + 0x1000));
    long after = moving.returnsTo();
    assertEquals(RETURN + 0xffe, sites.shown(moving.address()));
    assertEquals(RETURN + 0x1000, sites.shown(after));
    assertEquals(RETURN + 0x1000, sites.shown(after + 7));
    assertEquals(RETURN + 0x1006, sites.shown(after + 13));
    assertEquals(after, sites.real(RETURN + 0x1000));
    assertTrue(sites.moved(RETURN + 0x1000));
    assertEquals(0x700000, sites.shown(0x700000));
    assertEquals(0x700000, sites.real(0x700000));
  }

  @Test
  void aSiteIsForgottenWithItsTextOrItsRoom() {
    CallSites sites = new CallSites(0x1234, 1);
    Trampoline moving = placed(sites, moving(RETURN));
    assertEquals(1, sites.within(0x401000, 0x402000).size());
    assertEquals(1, sites.within(0x3f1000, 0x3f2000).size());
    assertEquals(0, sites.within(0x402000, 0x403000).size());
    sites.remove(moving);
    sites.removeRooms(0x3f0000, 0x400000);
    assertTrue(sites.isEmpty());
    assertEquals(RETURN, sites.real(RETURN));
    assertEquals(RETURN, sites.returnFrom(moving.returnsTo()), "for who is on the way back");
  }

  @Test
  void sitesThatAlternateBecomeWorthChanging() {
    for (long distance = 1; distance < 4096; distance++) {
      CallSites sites = new CallSites(0x1234, 24);
      boolean first = false;
      boolean second = false;
      for (int i = 0; i < 24; i++) {
        first |= sites.trapped(RETURN);
        second |= sites.trapped(RETURN + distance);
      }
      assertTrue(first && second, "two sites " + distance + " bytes apart");
    }
  }
}
