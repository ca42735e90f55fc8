package dev.bulwark.cli;

import dev.bulwark.linux.HostException;
import dev.bulwark.linux.HostIo;
import dev.bulwark.runtime.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The file in which engines look for the reason of a failure: the last line of level error. A line
 * is written in one piece, so that what is there is always valid.
 */
final class ErrorLog {
  private static final int O_WRONLY_CREAT_APPEND = 0x441;

  private ErrorLog() {}

  static void append(Globals globals, String message) {
    String log = globals.log();
    if (log == null) {
      return;
    }
    String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String line =
        globals.jsonLog()
            ? JsonWriter.compact()
                .object()
                .add("level", "error")
                .add("msg", message)
                .add("time", time)
                .endObject()
                .toString()
            : "time=\"" + time + "\" level=error msg=\"" + message.replace("\"", "\\\"") + "\"";
    try {
      int fd = HostIo.open(log, O_WRONLY_CREAT_APPEND, 0644);
      try {
        HostIo.writeFully(fd, (line.strip() + "\n").getBytes(StandardCharsets.ISO_8859_1));
      } finally {
        HostIo.close(fd);
      }
    } catch (HostException unwritable) {
      System.err.println("bulwark: " + unwritable.getMessage());
    }
  }
}
