package dev.bulwark.gofer;

import java.util.HashMap;
import java.util.Map;

/**
 * Who carries out which kind of {@link Request}. A switch over the kinds would be a class that each
 * JVM makes anew, and try one kind after the other. Not changed once it is in use; then
 * thread-safe.
 */
final class Handlers {
  /** Carries out requests of one kind. */
  interface Handler<R extends Request> {
    /** What it answers; the descriptor that goes with it is closed after it was sent. */
    Answer answer(R request) throws GoferException;
  }

  private final Map<Class<? extends Request>, Handler<?>> byKind = new HashMap<>();

  /** Gives a kind of request its handler. */
  <R extends Request> Handlers on(Class<R> kind, Handler<? super R> handler) {
    byKind.put(kind, handler);
    return this;
  }

  /** Whether a kind of request has a handler. */
  boolean has(Class<?> kind) {
    return byKind.containsKey(kind);
  }

  /**
   * Has a request carried out.
   *
   * @throws IllegalStateException when its kind has no handler
   */
  @SuppressWarnings("unchecked") // on() puts them together
  <R extends Request> Answer answer(R request) throws GoferException {
    Handler<R> handler = (Handler<R>) byKind.get(request.getClass());
    if (handler == null) {
      throw new IllegalStateException("no handler");
    }
    return handler.answer(request);
  }
}
