package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A hub all of whose models have the same bytes, and on another port their server. */
final class HubServed {
  private static final int BLOCK = 1 << 20;
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  private final byte[] block = new byte[BLOCK];
  private final long size;
  private final double bytesPerNano;
  private final HttpServer hub;
  private final HttpServer files;
  private long free = System.nanoTime();

  HubServed(long bytes, double bytesPerSecond) throws IOException {
    size = bytes;
    bytesPerNano = bytesPerSecond / 1e9;
    new Random(1).nextBytes(block);
    hub = start(this::answer);
    files = start(this::bytes);
  }

  private interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  private static HttpServer start(Handler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handler.answer(exchange);
          }
        });
    server.start();
    return server;
  }

  String address() {
    return "http://127.0.0.1:" + hub.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    exchange.getResponseHeaders().add("X-Repo-Commit", HubBenchmark.COMMIT);
    if (path.contains("/revision/")) {
      json(exchange, "{\"sha\": \"%s\", \"siblings\": []}".formatted(HubBenchmark.COMMIT));
    } else if (path.contains("/tree/")) {
      json(
          exchange,
          "[{\"type\":\"file\",\"path\":\"%s\",\"size\":%2$s,\"oid\":\"%3$s\",\"lfs\":{\"oid\":\"%4$s\",\"size\":%2$s}}]"
              .formatted(HubBenchmark.FILE, size, "a".repeat(40), "b".repeat(64)));
    } else if (path.endsWith("/" + HubBenchmark.FILE)) {
      exchange.getResponseHeaders().add("X-Linked-Etag", "\"%s\"".formatted("b".repeat(64)));
      exchange.getResponseHeaders().add("X-Linked-Size", Long.toString(size));
      exchange
          .getResponseHeaders()
          .add("Location", "http://127.0.0.1:%s/s".formatted(files.getAddress().getPort()));
      exchange.sendResponseHeaders(302, -1);
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
  }

  private static void json(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void bytes(HttpExchange exchange) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(String.valueOf(asked));
    if (!range.matches()) {
      exchange.sendResponseHeaders(400, -1);
      return;
    }
    long at = Long.parseLong(range.group(1));
    long end = Math.min(size, Long.parseLong(range.group(2)) + 1);
    exchange
        .getResponseHeaders()
        .add("Content-Range", "bytes %s-%s/%s".formatted(at, end - 1, size));
    exchange.sendResponseHeaders(206, end - at);
    try (OutputStream body = exchange.getResponseBody()) {
      while (at < end) {
        int count = (int) Math.min(BLOCK, end - at);
        pace(count);
        body.write(block, 0, count);
        at += count;
      }
    }
  }

  /** Waits until so many bytes more may be sent by all together. */
  private void pace(int count) {
    long begin;
    synchronized (this) {
      begin = Math.max(free, System.nanoTime());
      free = begin + (long) (count / bytesPerNano);
    }
    for (long left = begin - System.nanoTime(); left > 0; left = begin - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
