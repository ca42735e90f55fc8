package dev.bulwark.microvm.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Gets the uncompressed kernel out of a bzImage, which starts a guest several seconds sooner than
 * letting it decompress itself under emulation. Follows the kernel's
 * Documentation/arch/x86/boot.rst, protocol 2.08 and later.
 */
final class KernelImage {
  private static final int SETUP_SECTORS = 0x1f1;
  private static final int SIGNATURE = 0x202;
  private static final int HDRS = 0x53726448;
  private static final int VERSION = 0x206;
  private static final int PAYLOAD_OFFSET = 0x248;
  private static final int PAYLOAD_LENGTH = 0x24c;
  private static final int SECTOR = 512;

  private KernelImage() {}

  /**
   * The ELF file inside.
   *
   * @param title how messages call the image
   * @throws ImageException when there is none
   */
  static byte[] extract(String title, byte[] bzImage) throws ImageException {
    ByteBuffer image = ByteBuffer.wrap(bzImage).order(ByteOrder.LITTLE_ENDIAN);
    if (bzImage.length < 0x260
        || image.getInt(SIGNATURE) != HDRS
        || (image.getShort(VERSION) & 0xffff) < 0x208) {
      throw new ImageException(title + " is no kernel image of boot protocol 2.08 or later");
    }
    int sectors = bzImage[SETUP_SECTORS] & 0xff;
    int start = ((sectors == 0 ? 4 : sectors) + 1) * SECTOR + image.getInt(PAYLOAD_OFFSET);
    int end = start + image.getInt(PAYLOAD_LENGTH);
    if (start < 0 || end < start + 8 || end > bzImage.length) {
      throw new ImageException(title + " is damaged: its payload lies outside of it");
    }
    // The build appends the length of the result to whatever the compressor made.
    int length = image.getInt(end - 4);
    byte[] payload = Arrays.copyOfRange(bzImage, start, end - 4);
    byte[] kernel = Tool.filter(Path.of("/"), payload, decompressor(title, payload));
    if (kernel.length != length) {
      throw new ImageException(
          title + " holds a kernel of " + kernel.length + " bytes and says " + length);
    }
    Elf.of("the kernel in " + title, kernel);
    return kernel;
  }

  private static String[] decompressor(String title, byte[] payload) throws ImageException {
    int magic = ByteBuffer.wrap(payload).getInt();
    return switch (magic) {
      case 0xfd377a58 -> new String[] {"xz", "-dc"};
      case 0x28b52ffd -> new String[] {"zstd", "-dc"};
      case 0x02214c18 -> new String[] {"lz4", "-dc"};
      default -> {
        if (magic >>> 16 == 0x1f8b) {
          yield new String[] {"gzip", "-dc"};
        }
        throw new ImageException(
            title + " is compressed in a way that is not known: " + Integer.toHexString(magic));
      }
    };
  }
}
