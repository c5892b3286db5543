package dev.stockpot.merge.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A service that is asked by {@code POST} of JSON, {@code {candidate, model, ingredients, recipe,
 * seed}}. It answers 200 with results, or 202 with a {@code Location} that is asked until it does.
 * The candidate's id is the idempotency key: asked twice, a service need not work twice.
 *
 * @param service http or https
 * @param timeout for one candidate, from the first request to the results
 * @param version of what it does, for scores that are kept
 */
record HttpEvaluator(URI service, Duration timeout, String version) implements Evaluator {
  private static final Duration POLL = Duration.ofSeconds(2);
  private static final long MOST_PATIENCE = Duration.ofDays(1).toSeconds();
  private static final int MOST_BYTES = 64 << 20;

  /**
   * How often a question is asked: services close connections that are kept for the next one, and a
   * question that meets that is lost. Its key tells a service that it is the same one.
   */
  private static final int MOST_ASKED = 3;

  /** Follows no redirection: what is asked may say where models lie. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

  HttpEvaluator {
    requireNonNull(timeout, "timeout is null");
    requireNonNull(version, "version is null");
    if (service.getHost() == null || !String.valueOf(service.getScheme()).matches("https?")) {
      throw new IllegalArgumentException("%s is no address of http or https".formatted(service));
    }
    if (service.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "the address of %s has a password in it, which would stand in manifests"
              .formatted(service.getHost()));
    }
  }

  @Override
  public String identity() {
    return "http %s, version %s".formatted(service, version);
  }

  @Override
  public Map<String, Measure> evaluate(Candidate candidate)
      throws EvaluationException, InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", candidate.id())
            .POST(HttpRequest.BodyPublishers.ofString(question(candidate)));
    HttpResponse<String> answer = send(request, end);
    while (answer.statusCode() == 202) {
      URI place = place(answer);
      Thread.sleep(
          Math.max(
              1,
              Math.min(
                  patience(answer.headers()).toMillis(), (end - System.nanoTime()) / 1_000_000)));
      answer = send(HttpRequest.newBuilder(place).GET(), end);
    }
    if (answer.statusCode() != 200) {
      throw new EvaluationException("%s answered %s".formatted(service, answer.statusCode()));
    }
    if (answer.body().length() > MOST_BYTES) {
      throw new EvaluationException(
          "%s answered more than %s bytes".formatted(service, MOST_BYTES));
    }
    return Results.ofAnswer(answer.body());
  }

  private static String question(Candidate candidate) {
    JsonObject question =
        JsonObject.EMPTY
            .with("candidate", candidate.id())
            .with("model", candidate.model())
            .with("ingredients", candidate.ingredients().stream().map(JsonValue::of).toList())
            .with("recipe", candidate.recipe())
            .with("seed", candidate.seed());
    if (!candidate.mix().weights().isEmpty()) {
      question =
          question.with("weights", candidate.mix().weights().stream().map(JsonValue::of).toList());
    }
    if (candidate.budget() > 0) {
      question = question.with("budget", candidate.budget());
    }
    return JsonWriter.text(JsonStyle.COMPACT, question);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, long end)
      throws EvaluationException, InterruptedException {
    for (int asked = 1; ; asked++) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new EvaluationException(
            "%s had no results after %s s; give it more by `timeout`"
                .formatted(service, timeout.toSeconds()));
      }
      try {
        return CLIENT.send(
            request.timeout(Duration.ofNanos(left)).build(), BodyHandlers.ofString(UTF_8));
      } catch (IOException e) {
        boolean lost = !(e instanceof ConnectException || e instanceof HttpTimeoutException);
        if (!lost || asked == MOST_ASKED) {
          String message = e.getMessage() == null ? e.toString() : e.getMessage();
          throw new EvaluationException("%s cannot be asked: %s".formatted(service, message), e);
        }
      }
    }
  }

  /** Where to ask again: nowhere else than at the same service. */
  private URI place(HttpResponse<String> answer) throws EvaluationException {
    Optional<String> location = answer.headers().firstValue("Location");
    if (location.isEmpty()) {
      throw new EvaluationException(
          "%s answered 202 without a Location to ask again".formatted(service));
    }
    URI place = service.resolve(location.get());
    if (!service.getAuthority().equals(place.getAuthority())) {
      throw new EvaluationException(
          "%s sends to %s, which is another service".formatted(service, place.getAuthority()));
    }
    return place;
  }

  /** How long a service asks to be left alone; as if it did not, where that is a date. */
  static Duration patience(HttpHeaders headers) {
    try {
      return headers
          .firstValue("Retry-After")
          .map(Long::parseLong)
          .map(seconds -> Duration.ofSeconds(Math.min(seconds, MOST_PATIENCE)))
          .orElse(POLL);
    } catch (NumberFormatException e) {
      return POLL;
    }
  }
}
