package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sends requests, and sends them again where that may help. A token goes to the hub alone: to its
 * scheme, host and port, and to no other, whoever redirects there.
 */
final class Wire {
  private static final int TRIES = 5;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  /** Windows of the hub's limits last five minutes. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(330);

  private static final int TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERRORS = 500;

  private static final String AGENT = "stockpot; java/%s".formatted(Runtime.version().feature());

  /** Waits between tries. */
  @FunctionalInterface
  interface Pause {
    /** As long as it says; who stops a merge interrupts it. */
    Pause REAL = time -> Thread.sleep(time.toMillis());

    void of(Duration time) throws InterruptedException;
  }

  /** What came back. */
  record Answer(int status, HttpHeaders headers, AnswerStream body, URI uri) {
    Optional<String> header(String name) {
      return headers.firstValue(name);
    }
  }

  private final URI endpoint;
  private final Optional<HubToken> token;
  private final RequestCounts counts;
  private final Duration patience;
  private final Pause pause;
  private final HubWarnings warnings = new HubWarnings();

  /**
   * @param endpoint of the hub, to which a token may go
   * @param patience for the next bytes of an answer
   */
  Wire(
      URI endpoint,
      Optional<HubToken> token,
      RequestCounts counts,
      Duration patience,
      Pause pause) {
    this.endpoint = requireNonNull(endpoint, "endpoint is null");
    this.token = requireNonNull(token, "token is null");
    this.counts = requireNonNull(counts, "counts is null");
    this.patience = requireNonNull(patience, "patience is null");
    this.pause = requireNonNull(pause, "pause is null");
  }

  URI endpoint() {
    return endpoint;
  }

  boolean hasToken() {
    return token.isPresent();
  }

  HubWarnings warnings() {
    return warnings;
  }

  RequestCounts counts() {
    return counts;
  }

  /** Whether a token may go there. */
  boolean isHub(URI uri) {
    return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && port(endpoint) == port(uri);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
  }

  /**
   * Sends a request; whatever it answers is an answer, once trying again does not help.
   *
   * @param range as a header says it; empty for all bytes
   */
  Answer send(String method, URI uri, String range) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Duration wait = pauseAfter(attempt);
      try {
        Answer answer = once(method, uri, range);
        if (isHub(uri)) {
          warnings.add(answer.headers());
        }
        boolean isWorthIt = isWorthAnotherTry(answer.status()) && attempt < TRIES;
        if (!isWorthIt) {
          return answer;
        }
        wait = RateLimit.wait(answer.headers()).orElse(wait);
        if (wait.compareTo(LONGEST_WAIT) > 0) {
          return answer;
        }
        answer.body().close();
        HubLog.askingAgain(uri, answer.status(), wait);
      } catch (InterruptedIOException e) {
        throw e;
      } catch (IOException e) {
        if (attempt == TRIES || isHopeless(e)) {
          throw e;
        }
        HubLog.askingAgain(uri, e, wait);
      }
      rest(wait);
      counts.retried();
    }
  }

  private static boolean isWorthAnotherTry(int status) {
    return status == TIMEOUT || status == TOO_MANY || status >= SERVER_ERRORS;
  }

  /** A name that nobody knows, or a certificate that nobody believes, is no better in a second. */
  private static boolean isHopeless(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof java.net.UnknownHostException
          || cause instanceof javax.net.ssl.SSLException) {
        return true;
      }
    }
    return false;
  }

  static Duration pauseAfter(int attempt) {
    Duration doubled = Duration.ofSeconds(1L << (attempt - 1));
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }

  void rest(Duration time) throws InterruptedIOException {
    try {
      pause.of(time);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException interrupted = new InterruptedIOException("waiting for a hub");
    interrupted.initCause(e);
    return interrupted;
  }

  private Answer once(String method, URI uri, String range) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", AGENT);
    headers.put("Accept", "*/*");
    headers.put("Accept-Encoding", "identity"); // a range of what was compressed is of no use
    if (!range.isEmpty()) {
      headers.put("Range", range);
    }
    if (token.isPresent() && isHub(uri)) {
      headers.put("Authorization", token.get().authorization());
    }
    counts.asked(!range.isEmpty());
    return new Request(method, uri, headers, CONNECT, patience).send();
  }
}
