package dev.stockpot.merge.hub;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What {@code benchmarks/hub.sh} needs: a hub in a process of its own that serves so many bytes a
 * second, and readers of all of its weights: plain range reads, and those of tasks.
 */
public final class HubBenchmark {
  static final String FILE = "model.safetensors";

  static final String COMMIT = "c0ffee".repeat(6) + "c0ff";

  private static final int PART = 64 << 20;

  private static final int CHUNK = 512 << 10;

  private static final int THREADS = 8;

  private HubBenchmark() {}

  /**
   * One of {@code serve MODELS BYTES BYTES_A_SECOND}, which prints its address, and {@code read
   * ADDRESS MODELS RUNS}, which reads all in turns and prints seconds and ratios.
   */
  public static void main(String[] words) throws Exception {
    if (words[0].equals("serve")) {
      System.out.println(
          new HubServed(Long.parseLong(words[2]), Double.parseDouble(words[3])).address());
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
}
