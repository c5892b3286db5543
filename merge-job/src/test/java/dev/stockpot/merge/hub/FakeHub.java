package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub and, on another port, the servers of its large files, as far as models are read. What is
 * asked is written down; what goes wrong is arranged by {@link #next}.
 */
public final class FakeHub implements AutoCloseable {
  /** The only token that it knows. */
  public static final String TOKEN = "hf_abcdefghijklmnopqrstuvwxyz0123456789";

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  private final HttpServer hub;
  private final HttpServer files;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  final Map<String, Repository> repositories = new ConcurrentHashMap<>();
  final Map<String, String> renamed = new ConcurrentHashMap<>();
  final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  final Set<String> signatures = ConcurrentHashMap.newKeySet();
  final AtomicInteger signed = new AtomicInteger();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<Boolean, String> warnings = new ConcurrentHashMap<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();

  /** How a repository is opened. */
  public enum Access {
    EVERYBODY,
    OWNER,
    GATED
  }

  static final class Repository {
    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, String> refs = new TreeMap<>();
    Access access = Access.EVERYBODY;
    String commit = "";
  }

  /** What was asked, and of which of the two servers. */
  public record Request(
      boolean isOfHub,
      String method,
      String path,
      Optional<String> authorization,
      Optional<String> range) {}

  /** Answers something else than usual. */
  @FunctionalInterface
  public interface Handler {
    void answer(HttpExchange exchange) throws IOException;
  }

  private record Fault(Predicate<Request> when, Handler handler, AtomicInteger left) {}

  /** Starts both servers. */
  public FakeHub() throws IOException {
    hub = start(new HubAnswers(this)::answer, true);
    files = start(this::answerAsFiles, false);
  }

  private HttpServer start(Handler usual, boolean isHub) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            Request request =
                new Request(
                    isHub,
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")));
            requests.add(request);
            if (warnings.containsKey(isHub)) {
              exchange.getResponseHeaders().add("X-HF-Warning", warnings.get(isHub));
            }
            fault(request).orElse(usual).answer(exchange);
          }
        });
    server.start();
    return server;
  }

  private Optional<Handler> fault(Request request) {
    return faults.stream()
        .filter(fault -> fault.when().test(request))
        .filter(fault -> fault.left().getAndDecrement() > 0)
        .map(Fault::handler)
        .findFirst();
  }

  /** Its address, with a path as mirrors have one or without. */
  public URI endpoint() {
    return URI.create("http://localhost:" + hub.getAddress().getPort());
  }

  String filesAddress() {
    return "http://127.0.0.1:" + files.getAddress().getPort();
  }

  /** Sets a file of a model; its commit is a function of all of them. */
  public FakeHub file(String id, String path, byte[] content) {
    Repository repository = repositories.computeIfAbsent(id, any -> new Repository());
    repository.files.put(path, content);
    contents.put(sha256(content), content);
    MessageDigest digest = digest("SHA-1");
    repository.files.forEach(
        (name, bytes) -> {
          digest.update(name.getBytes(UTF_8));
          digest.update(bytes);
        });
    repository.commit = HexFormat.of().formatHex(digest.digest(id.getBytes(UTF_8)));
    return this;
  }

  /** The same with a text. */
  public FakeHub file(String id, String path, String text) {
    return file(id, path, text.getBytes(UTF_8));
  }

  /** Who may read a model. */
  public FakeHub open(String id, Access access) {
    repositories.get(id).access = access;
    return this;
  }

  /** Names the present commit of a model by a branch or tag. */
  public FakeHub ref(String id, String name) {
    repositories.get(id).refs.put(name, commit(id));
    return this;
  }

  /** Gives a model another name; the former leads there. */
  public FakeHub rename(String id, String now) {
    renamed.put(id, now);
    repositories.put(now, repositories.remove(id));
    return this;
  }

  /** The commit of a model. */
  public String commit(String id) {
    return repositories.get(id).commit;
  }

  /** Gives a model a commit, whatever is in it. */
  FakeHub fix(String id, String commit) {
    repositories.get(id).commit = commit;
    return this;
  }

  /** No signed address that was given so far is good any more. */
  public void expire() {
    signatures.clear();
  }

  /** Everything that was asked so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Answers so many requests otherwise than usual. */
  public void next(int times, Predicate<Request> when, Handler handler) {
    faults.add(new Fault(when, handler, new AtomicInteger(times)));
  }

  /** Says something beside each answer: of the hub, or of the servers of its files. */
  void warn(boolean ofHub, String warning) {
    warnings.put(ofHub, warning);
  }

  /** Everything is as usual again. */
  public void calm() {
    faults.clear();
  }

  /** An empty answer, with headers as they stand: {@code Retry-After: 3}. */
  public static Handler status(int status, String... headers) {
    return exchange -> {
      for (String header : headers) {
        int colon = header.indexOf(':');
        exchange
            .getResponseHeaders()
            .add(header.substring(0, colon), header.substring(colon + 1).strip());
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  /** What a signed address gives: nothing to whoever sends a token. */
  private void answerAsFiles(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    byte[] content = contents.get(uri.getPath().substring(1));
    String signature = String.valueOf(uri.getQuery()).replace("Signature=", "");
    if (exchange.getRequestHeaders().containsKey("Authorization")) {
      status(400).answer(exchange);
    } else if (content == null) {
      status(404).answer(exchange);
    } else if (!signatures.contains(signature)) {
      status(403).answer(exchange);
    } else {
      bytes(exchange, content);
    }
  }

  /** A content, or the range of it that is asked for. */
  public static void bytes(HttpExchange exchange, byte[] content) throws IOException {
    String asked = exchange.getRequestHeaders().getFirst("Range");
    Matcher range = RANGE.matcher(String.valueOf(asked));
    int begin = range.matches() ? Integer.parseInt(range.group(1)) : 0;
    int end =
        range.matches()
            ? Math.min(content.length, Integer.parseInt(range.group(2)) + 1)
            : content.length;
    if (range.matches()) {
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes %s-%s/%s".formatted(begin, end - 1, content.length));
    }
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    if (isHead) {
      exchange.getResponseHeaders().add("Content-Length", String.valueOf(content.length));
    }
    exchange.sendResponseHeaders(
        range.matches() ? 206 : 200, isHead || end == begin ? -1 : end - begin);
    if (!isHead) {
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(content, begin, end - begin);
      }
    }
  }

  /** As the hub names a large file. */
  public static String sha256(byte[] content) {
    return HexFormat.of().formatHex(digest("SHA-256").digest(content));
  }

  /** As git names a small one. */
  static String gitSha1(byte[] content) {
    MessageDigest digest = digest("SHA-1");
    digest.update("blob %s\0".formatted(content.length).getBytes(UTF_8));
    return HexFormat.of().formatHex(digest.digest(content));
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Holds an answer up until this hub is closed. */
  void untilClosed() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    hub.stop(0);
    files.stop(0);
    threads.shutdownNow();
  }
}
