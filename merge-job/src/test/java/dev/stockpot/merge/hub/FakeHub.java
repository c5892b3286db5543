package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
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

  private static final Pattern REVISION =
      Pattern.compile("/api/models/([^/]+/[^/]+)/revision/(.+)");
  private static final Pattern TREE = Pattern.compile("/api/models/([^/]+/[^/]+)/tree/(.+)");
  private static final Pattern REFS = Pattern.compile("/api/models/([^/]+/[^/]+)/refs");
  private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
  private static final int PAGE = 3;

  private final HttpServer hub;
  private final HttpServer files;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Repository> repositories = new ConcurrentHashMap<>();
  private final Map<String, String> renamed = new ConcurrentHashMap<>();
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  private final Set<String> signatures = ConcurrentHashMap.newKeySet();
  private final AtomicInteger signed = new AtomicInteger();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<Boolean, String> warnings = new ConcurrentHashMap<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();

  /** How a repository is opened. */
  public enum Access {
    EVERYBODY,
    OWNER,
    GATED
  }

  private static final class Repository {
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, String> refs = new TreeMap<>();
    private Access access = Access.EVERYBODY;
    private String commit = "";
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
    hub = start(this::answerAsHub, true);
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

  private String filesAddress() {
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

  private void answerAsHub(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    for (Map.Entry<String, String> name : renamed.entrySet()) {
      if (path.contains("/" + name.getKey() + "/")) {
        String asked = exchange.getRequestURI().toString();
        status(307, "Location: " + asked.replace(name.getKey(), name.getValue())).answer(exchange);
        return;
      }
    }
    Matcher of = REVISION.matcher(path);
    Matcher tree = TREE.matcher(path);
    Matcher refs = REFS.matcher(path);
    Matcher resolve = RESOLVE.matcher(path);
    if (of.matches() && mayRead(of.group(1), exchange)) {
      revision(exchange, of.group(1), URLDecoder.decode(of.group(2), UTF_8));
    } else if (tree.matches() && mayRead(tree.group(1), exchange)) {
      tree(exchange, repositories.get(tree.group(1)));
    } else if (refs.matches() && mayRead(refs.group(1), exchange)) {
      refs(exchange, repositories.get(refs.group(1)));
    } else if (resolve.matches() && mayRead(resolve.group(1), exchange)) {
      resolve(exchange, resolve.group(1), URLDecoder.decode(resolve.group(3), UTF_8));
    } else if (exchange.getResponseCode() < 0) {
      status(404).answer(exchange);
    }
  }

  /** Answers if not. */
  private boolean mayRead(String id, HttpExchange exchange) throws IOException {
    Repository repository = repositories.get(id);
    String sent = exchange.getRequestHeaders().getFirst("Authorization");
    if (sent != null && !sent.equals("Bearer " + TOKEN)) {
      status(401, "X-Error-Message: Invalid credentials in Authorization header").answer(exchange);
      return false;
    }
    if (repository == null || (repository.access == Access.OWNER && sent == null)) {
      status(sent == null ? 401 : 404, "X-Error-Code: RepoNotFound").answer(exchange);
      return false;
    }
    if (repository.access == Access.GATED
        && (sent == null || exchange.getRequestURI().getPath().contains("/resolve/"))) {
      status(sent == null ? 401 : 403, "X-Error-Code: GatedRepo").answer(exchange);
      return false;
    }
    return true;
  }

  private void revision(HttpExchange exchange, String id, String revision) throws IOException {
    Repository repository = repositories.get(id);
    String commit =
        revision.equals("main") || revision.equals(repository.commit)
            ? repository.commit
            : repository.refs.get(revision);
    if (commit == null) {
      status(404, "X-Error-Code: RevisionNotFound").answer(exchange);
      return;
    }
    json(exchange, "{\"id\": \"%s\", \"sha\": \"%s\", \"siblings\": []}".formatted(id, commit));
  }

  private void refs(HttpExchange exchange, Repository repository) throws IOException {
    List<String> names =
        repository.refs.keySet().stream()
            .map(name -> "{\"name\": \"%s\"}".formatted(name))
            .toList();
    json(
        exchange,
        "{\"branches\": [{\"name\": \"main\"}], \"tags\": [%s]}"
            .formatted(String.join(",", names)));
  }

  /** Few at a time. */
  private void tree(HttpExchange exchange, Repository repository) throws IOException {
    List<String> paths = List.copyOf(repository.files.keySet());
    String query = exchange.getRequestURI().getQuery();
    Matcher cursor = Pattern.compile("cursor=(\\d+)").matcher(query);
    int first = cursor.find() ? Integer.parseInt(cursor.group(1)) : 0;
    int end = Math.min(paths.size(), first + PAGE);
    StringBuilder entries = new StringBuilder("{\"type\": \"directory\", \"path\": \"folder\"}");
    for (String path : paths.subList(first, end)) {
      byte[] content = repository.files.get(path);
      entries.append(
          ",{\"type\": \"file\", \"path\": \"%s\", \"size\": %s, \"oid\": \"%s\"%s}"
              .formatted(
                  path,
                  content.length,
                  gitSha1(content),
                  isLarge(path)
                      ? ", \"lfs\": {\"oid\": \"%s\", \"size\": %s, \"pointerSize\": 130}"
                          .formatted(sha256(content), content.length)
                      : ""));
    }
    if (end < paths.size()) {
      exchange
          .getResponseHeaders()
          .add(
              "Link",
              "<%s%s?recursive=true&expand=false&cursor=%s>; rel=\"next\""
                  .formatted(endpoint(), exchange.getRequestURI().getPath(), end));
    }
    json(exchange, "[" + entries + "]");
  }

  private void resolve(HttpExchange exchange, String id, String path) throws IOException {
    Repository repository = repositories.get(id);
    byte[] content = repository.files.get(path);
    exchange.getResponseHeaders().add("X-Repo-Commit", repository.commit);
    if (content == null) {
      status(404, "X-Error-Code: EntryNotFound").answer(exchange);
    } else if (isLarge(path)) {
      String signature = "s" + signed.incrementAndGet();
      signatures.add(signature);
      status(
              302,
              "X-Linked-Etag: \"%s\"".formatted(sha256(content)),
              "X-Linked-Size: " + content.length,
              "Location: %s/%s?Signature=%s".formatted(filesAddress(), sha256(content), signature))
          .answer(exchange);
    } else {
      exchange.getResponseHeaders().add("ETag", "\"%s\"".formatted(gitSha1(content)));
      bytes(exchange, content);
    }
  }

  private static boolean isLarge(String path) {
    return path.endsWith(".safetensors");
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

  private static void json(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
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
