package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code benchmarks/hub.sh} needs: a hub in a process of its own that serves so many bytes a
 * second, and readers of all of its weights: plain range reads, and those of tasks.
 */
public final class HubBenchmark {
  private static final String FILE = "model.safetensors";
  private static final String COMMIT = "c0ffee".repeat(6) + "c0ff";
  private static final int PART = 64 << 20;
  private static final int CHUNK = 512 << 10;
  private static final int BLOCK = 1 << 20;
  private static final int THREADS = 8;
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  private HubBenchmark() {}

  /**
   * One of {@code serve MODELS BYTES BYTES_A_SECOND}, which prints its address, and {@code read
   * ADDRESS MODELS RUNS}, which reads all in turns and prints seconds and ratios.
   */
  public static void main(String[] words) throws Exception {
    if (words[0].equals("serve")) {
      System.out.println(
          new Served(Long.parseLong(words[2]), Double.parseDouble(words[3])).address());
    } else {
      compare(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
    }
  }

  private static void compare(String address, int models, int runs) throws Exception {
    List<Double> plain = new ArrayList<>();
    List<Double> own = new ArrayList<>();
    plain(address, models); // code is compiled, and connections are there
    own(address, models);
    for (int run = 0; run < runs; run++) {
      Turn first = Turn.of(() -> plain(address, models));
      Turn second = Turn.of(() -> own(address, models));
      plain.add(first.seconds());
      own.add(second.seconds());
      print("plain %s, Stockpot %s", first, second);
    }
    double ratio = median(own) / median(plain);
    print("median: plain %.2f s, Stockpot %.2f s, %.2f times", median(plain), median(own), ratio);
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private interface Reading {
    void run() throws Exception;
  }

  /** How long a reading took, and a processor for it. */
  private record Turn(double seconds, double processor) {
    static Turn of(Reading reading) throws Exception {
      long start = System.nanoTime();
      long before = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
      reading.run();
      long after = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
      return new Turn((System.nanoTime() - start) / 1e9, (after - before) / 1e9);
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f s (of a core %.2f s)", seconds, processor);
    }
  }

  private interface PartReading {
    void read(int model, ByteRange part) throws IOException;
  }

  /** All parts of all models, several at a time, in order. */
  private static void all(int models, long size, PartReading reading)
      throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> parts = new ArrayList<>();
      for (int model = 0; model < models; model++) {
        for (long at = 0; at < size; at += PART) {
          int number = model;
          ByteRange part = new ByteRange(at, Math.min(size, at + PART));
          parts.add(
              threads.submit(
                  () -> {
                    reading.read(number, part);
                    return null;
                  }));
        }
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String id(int model) {
    return "org/model-" + model;
  }

  private static HttpURLConnection connection(String address) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    return connection;
  }

  private static void plain(String address, int models) throws Exception {
    List<String> signed = new ArrayList<>();
    long size = 0;
    for (int model = 0; model < models; model++) {
      HttpURLConnection head =
          connection("%s/%s/resolve/%s/%s".formatted(address, id(model), COMMIT, FILE));
      head.setRequestMethod("HEAD");
      signed.add(head.getHeaderField("Location"));
      size = Long.parseLong(head.getHeaderField("X-Linked-Size"));
    }
    all(
        models,
        size,
        (model, part) -> {
          HttpURLConnection get = connection(signed.get(model));
          get.setRequestProperty("Range", "bytes=%s-%s".formatted(part.begin(), part.end() - 1));
          byte[] buffer = new byte[CHUNK];
          long left = part.length();
          try (InputStream body = get.getInputStream()) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
              left -= read;
            }
          }
          requireNone(left);
        });
  }

  private static void requireNone(long left) throws IOException {
    if (left != 0) {
      throw new IOException("%s bytes are missing".formatted(left));
    }
  }

  /** As tasks read: a part is announced, and arrives chunk by chunk. */
  private static void own(String address, int models) throws Exception {
    HubAccess access =
        new HubAccess(URI.create(address), Path.of("no-cache"), Optional.empty(), Optional.empty());
    Hub hub = Hub.of(access, /* readsCache= */ true);
    ObjectSource source = hub.source();
    List<StoredObject> files = new ArrayList<>();
    for (int model = 0; model < models; model++) {
      files.add(source.find(hub.find(id(model)).folder().child(FILE)).orElseThrow());
    }
    all(
        models,
        files.get(0).size(),
        (model, part) -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
          try (RangeReader reader = source.open(files.get(model))) {
            reader.announce(List.of(part));
            for (long at = part.begin(); at < part.end(); at += CHUNK) {
              reader.read(at, buffer.clear().limit((int) Math.min(CHUNK, part.end() - at)));
            }
          }
        });
  }

  /** A hub all of whose models have the same bytes, and on another port their server. */
  private static final class Served {
    private final byte[] block = new byte[BLOCK];
    private final long size;
    private final double bytesPerNano;
    private final HttpServer hub;
    private final HttpServer files;
    private long free = System.nanoTime();

    Served(long bytes, double bytesPerSecond) throws IOException {
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
      exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
      if (path.contains("/revision/")) {
        json(exchange, "{\"sha\": \"%s\", \"siblings\": []}".formatted(COMMIT));
      } else if (path.contains("/tree/")) {
        json(
            exchange,
            "[{\"type\":\"file\",\"path\":\"%s\",\"size\":%2$s,\"oid\":\"%3$s\",\"lfs\":{\"oid\":\"%4$s\",\"size\":%2$s}}]"
                .formatted(FILE, size, "a".repeat(40), "b".repeat(64)));
      } else if (path.endsWith("/" + FILE)) {
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
}
