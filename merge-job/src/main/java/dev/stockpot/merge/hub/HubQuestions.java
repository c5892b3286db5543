package dev.stockpot.merge.hub;

import dev.stockpot.merge.hub.Wire.Answer;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Optional;

/**
 * Questions to a hub and to no other host, wherever it redirects to.
 *
 * @param wire to it
 */
record HubQuestions(Wire wire) {
  private static final int MOST_BYTES = 64 << 20;
  private static final int MOST_REDIRECTS = 5;
  private static final int OK = 200;
  private static final int REDIRECTS = 300;
  private static final int CLIENT_ERRORS = 400;

  /** Sends a request to the hub, and follows it to where else on the hub it leads. */
  Answer ask(String method, URI address, Refusal refusal) throws IOException {
    URI uri = address;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      if (!wire.isHub(uri)) {
        throw refusal.noHub("it leads to another host");
      }
      Answer answer;
      try {
        answer = wire.send(method, uri, "");
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        throw refusal.of(e);
      }
      Optional<URI> next = answer.header("Location").map(uri::resolve).filter(wire::isHub);
      boolean isRedirect = answer.status() >= REDIRECTS && answer.status() < CLIENT_ERRORS;
      if (!isRedirect || next.isEmpty()) {
        return answer;
      }
      answer.body().close();
      uri = next.get();
    }
    throw refusal.noHub("it redirects without end");
  }

  /** What an answer holds. */
  static JsonValue json(Answer answer, Refusal refusal) throws IOException {
    if (answer.status() != OK) {
      answer.body().close();
      throw refusal.of(answer);
    }
    try {
      return Json.parse(answer.body().all(MOST_BYTES));
    } catch (JsonException e) {
      throw refusal.noHub("it is no JSON");
    }
  }
}
