package dev.bulwark.platform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The code through which a changed {@link CallSite} enters the platform and, where an instruction
 * was moved, comes back. It is position dependent, uses neither stack nor flags, and clobbers what
 * a system call clobbers. Immutable.
 *
 * @param address where it stands
 * @param site the place that jumps to it
 */
public record Trampoline(long address, CallSite site) {
  /** Bytes that one takes at most; it stands at a multiple of them. */
  public static final int SIZE = 32;

  private static final int LEA = 7;
  private static final int JMP_INDIRECT = 6;

  /** Where the platform returns to. */
  long returnsTo() {
    return site.loads() ? site.returnAddress() : address + LEA + JMP_INDIRECT;
  }

  private int loadLength() {
    return site.loads() ? site.length() : 0;
  }

  /**
   * The code.
   *
   * @param entry the address of eight bytes that hold the address where the platform is entered
   */
  byte[] code(long entry) {
    ByteBuffer code = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    if (site.loads()) {
      code.put(site.original());
    }
    lea(code, 0x4c, 0x1d, returnsTo()); // lea returnsTo(%rip),%r11
    code.put((byte) 0xff).put((byte) 0x25); // jmp *entry(%rip)
    relative(code, entry);
    if (!site.loads()) {
      lea(code, 0x48, 0x0d, site.returnAddress()); // lea returnAddress(%rip),%rcx
      code.put(site.original(), 2, site.length() - 2);
      code.put((byte) 0xe9); // jmp end
      relative(code, site.end());
    }
    while (code.hasRemaining()) {
      code.put((byte) 0xcc);
    }
    return code.array();
  }

  private void lea(ByteBuffer code, int prefix, int register, long target) {
    code.put((byte) prefix).put((byte) 0x8d).put((byte) register);
    relative(code, target);
  }

  private void relative(ByteBuffer code, long target) {
    code.putInt((int) (target - (address + code.position() + 4)));
  }

  /**
   * Where a thread that stopped inside this code would stand without it. What the code has done
   * until there is either repeated by then or clobbered by the call anyway.
   */
  long originalOf(long instruction) {
    int offset = (int) (instruction - address);
    if (offset < loadLength()) {
      return site.start();
    }
    int call = loadLength() + LEA + JMP_INDIRECT;
    if (offset < call) {
      return site.returnAddress() - 2; // the syscall instruction, or the jump in its place
    }
    return offset < call + LEA + site.length() - 2 ? site.returnAddress() : site.end();
  }
}
