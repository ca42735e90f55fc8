package dev.bulwark.sentry.seccomp;

/** The codes of classic BPF that seccomp admits ({@code linux/bpf_common.h}). */
final class Bpf {
  /** The most instructions of a program (BPF_MAXINSNS). */
  static final int MAX_INSTRUCTIONS = 4096;

  /** Words of scratch memory (BPF_MEMWORDS). */
  static final int MEMORY_WORDS = 16;

  /** Size of {@code struct sock_filter}. */
  static final int INSTRUCTION_SIZE = 8;

  static final int LD_IMM = 0x00;
  static final int LD_ABS = 0x20;
  static final int LD_MEM = 0x60;
  static final int LD_LEN = 0x80;
  static final int LDX_IMM = 0x01;
  static final int LDX_MEM = 0x61;
  static final int LDX_LEN = 0x81;
  static final int ST = 0x02;
  static final int STX = 0x03;
  static final int ADD_K = 0x04;
  static final int ADD_X = 0x0c;
  static final int SUB_K = 0x14;
  static final int SUB_X = 0x1c;
  static final int MUL_K = 0x24;
  static final int MUL_X = 0x2c;
  static final int DIV_K = 0x34;
  static final int DIV_X = 0x3c;
  static final int OR_K = 0x44;
  static final int OR_X = 0x4c;
  static final int AND_K = 0x54;
  static final int AND_X = 0x5c;
  static final int LSH_K = 0x64;
  static final int LSH_X = 0x6c;
  static final int RSH_K = 0x74;
  static final int RSH_X = 0x7c;
  static final int NEG = 0x84;
  static final int XOR_K = 0xa4;
  static final int XOR_X = 0xac;
  static final int JA = 0x05;
  static final int JEQ_K = 0x15;
  static final int JEQ_X = 0x1d;
  static final int JGT_K = 0x25;
  static final int JGT_X = 0x2d;
  static final int JGE_K = 0x35;
  static final int JGE_X = 0x3d;
  static final int JSET_K = 0x45;
  static final int JSET_X = 0x4d;
  static final int RET_K = 0x06;
  static final int RET_A = 0x16;
  static final int TAX = 0x07;
  static final int TXA = 0x87;

  private Bpf() {}
}
