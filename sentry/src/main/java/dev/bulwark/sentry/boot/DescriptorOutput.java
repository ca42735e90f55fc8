package dev.bulwark.sentry.boot;

import dev.bulwark.linux.HostIo;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Writes to an inherited descriptor, each call at once. */
final class DescriptorOutput extends OutputStream {
  private final int fd;

  DescriptorOutput(int fd) {
    this.fd = fd;
  }

  @Override
  public void write(int one) throws IOException {
    HostIo.writeFully(fd, new byte[] {(byte) one});
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    HostIo.writeFully(fd, Arrays.copyOfRange(bytes, offset, offset + length));
  }
}
