package dev.bulwark.microvm.hypervisor;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import dev.bulwark.linux.HostStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * QEMU's machine protocol (qemu-qmp-ref(7)): a JSON object a line, commands answered in order, and
 * events at any time. Commands of several threads go one after the other.
 */
final class QmpClient implements AutoCloseable {
  private static final int LONGEST_LINE = 1 << 20;
  private static final int ANSWER_SECONDS = 30;
  private static final int MOST_WAITING = 16;
  private static final TypeAdapter<JsonElement> JSON = new Gson().getAdapter(JsonElement.class);
  private static final JsonObject GONE = new JsonObject();

  private final HostStream stream;
  private final Consumer<String> events;
  private final BlockingQueue<JsonObject> answers = new LinkedBlockingQueue<>(MOST_WAITING);
  private boolean negotiated;

  /**
   * Listens to a QEMU.
   *
   * @param stream closed with this
   * @param events told the names of events, on a thread of this client
   */
  QmpClient(HostStream stream, Consumer<String> events) {
    this.stream = stream;
    this.events = events;
    Thread.ofPlatform().name("qmp").daemon().start(this::receive);
  }

  /**
   * Executes a command without arguments.
   *
   * @return what it gives
   * @throws MachineException when QEMU refuses, is gone, or does not answer
   */
  synchronized JsonElement execute(String command) throws MachineException {
    if (!negotiated) {
      negotiated = true;
      exchange("qmp_capabilities");
    }
    return exchange(command);
  }

  private JsonElement exchange(String command) throws MachineException {
    JsonObject request = new JsonObject();
    request.addProperty("execute", command);
    byte[] line = (request + "\n").getBytes(StandardCharsets.UTF_8);
    if (stream.write(line, 0, line.length) != 0) {
      throw new MachineException("QEMU has ended");
    }
    try {
      JsonObject answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new MachineException(
            "QEMU did not answer '" + command + "' within " + ANSWER_SECONDS + " s");
      }
      if (answer.isEmpty()) {
        throw new MachineException("QEMU has ended");
      }
      JsonElement result = answer.get("return");
      if (result == null) {
        throw new MachineException("QEMU refused '" + command + "': " + answer.get("error"));
      }
      return result;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new MachineException("'" + command + "' was interrupted");
    }
  }

  private void receive() {
    byte[] chunk = new byte[4096];
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int n = stream.read(chunk); n > 0; n = stream.read(chunk)) {
        for (int i = 0; i < n; i++) {
          if (chunk[i] == '\n') {
            act(line.toString(StandardCharsets.UTF_8));
            line.reset();
          } else if (line.size() < LONGEST_LINE) {
            line.write(chunk[i]);
          } else {
            return; // no QEMU says so much: a guest does
          }
        }
      }
    } catch (IOException
        | JsonParseException
        | IllegalStateException
        | ClassCastException nonsense) {
      // As if it were gone: below.
    } finally {
      stream.close();
      answers.clear();
      answers.offer(GONE);
    }
  }

  private void act(String line) throws IOException {
    JsonObject message = JSON.fromJson(line).getAsJsonObject();
    if (message.has("event")) {
      events.accept(message.get("event").getAsString());
    } else if (message.has("return") || message.has("error")) {
      answers.add(message);
    }
  }

  /** Ends the connection; whoever waits is told that QEMU has ended. */
  @Override
  public void close() {
    stream.close();
  }
}
