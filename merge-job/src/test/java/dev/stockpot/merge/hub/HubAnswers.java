package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@link FakeHub} answers to those who look for models and files. */
final class HubAnswers {
  private static final Pattern REVISION =
      Pattern.compile("/api/models/([^/]+/[^/]+)/revision/(.+)");
  private static final Pattern TREE = Pattern.compile("/api/models/([^/]+/[^/]+)/tree/(.+)");
  private static final Pattern REFS = Pattern.compile("/api/models/([^/]+/[^/]+)/refs");
  private static final Pattern RESOLVE = Pattern.compile("/([^/]+/[^/]+)/resolve/([^/]+)/(.+)");
  private static final int PAGE = 3;

  private final FakeHub hub;

  HubAnswers(FakeHub hub) {
    this.hub = hub;
  }

  void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    for (Map.Entry<String, String> name : hub.renamed.entrySet()) {
      if (path.contains("/" + name.getKey() + "/")) {
        String asked = exchange.getRequestURI().toString();
        FakeHub.status(307, "Location: " + asked.replace(name.getKey(), name.getValue()))
            .answer(exchange);
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
      tree(exchange, hub.repositories.get(tree.group(1)));
    } else if (refs.matches() && mayRead(refs.group(1), exchange)) {
      refs(exchange, hub.repositories.get(refs.group(1)));
    } else if (resolve.matches() && mayRead(resolve.group(1), exchange)) {
      resolve(exchange, resolve.group(1), URLDecoder.decode(resolve.group(3), UTF_8));
    } else if (exchange.getResponseCode() < 0) {
      FakeHub.status(404).answer(exchange);
    }
  }

  /** Answers if not. */
  private boolean mayRead(String id, HttpExchange exchange) throws IOException {
    FakeHub.Repository repository = hub.repositories.get(id);
    String sent = exchange.getRequestHeaders().getFirst("Authorization");
    if (sent != null && !sent.equals("Bearer " + FakeHub.TOKEN)) {
      FakeHub.status(401, "X-Error-Message: Invalid credentials in Authorization header")
          .answer(exchange);
      return false;
    }
    if (repository == null || (repository.access == FakeHub.Access.OWNER && sent == null)) {
      FakeHub.status(sent == null ? 401 : 404, "X-Error-Code: RepoNotFound").answer(exchange);
      return false;
    }
    if (repository.access == FakeHub.Access.GATED
        && (sent == null || exchange.getRequestURI().getPath().contains("/resolve/"))) {
      FakeHub.status(sent == null ? 401 : 403, "X-Error-Code: GatedRepo").answer(exchange);
      return false;
    }
    return true;
  }

  private void revision(HttpExchange exchange, String id, String revision) throws IOException {
    FakeHub.Repository repository = hub.repositories.get(id);
    String commit =
        revision.equals("main") || revision.equals(repository.commit)
            ? repository.commit
            : repository.refs.get(revision);
    if (commit == null) {
      FakeHub.status(404, "X-Error-Code: RevisionNotFound").answer(exchange);
      return;
    }
    json(exchange, "{\"id\": \"%s\", \"sha\": \"%s\", \"siblings\": []}".formatted(id, commit));
  }

  private void refs(HttpExchange exchange, FakeHub.Repository repository) throws IOException {
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
  private void tree(HttpExchange exchange, FakeHub.Repository repository) throws IOException {
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
                  FakeHub.gitSha1(content),
                  isLarge(path)
                      ? ", \"lfs\": {\"oid\": \"%s\", \"size\": %s, \"pointerSize\": 130}"
                          .formatted(FakeHub.sha256(content), content.length)
                      : ""));
    }
    if (end < paths.size()) {
      exchange
          .getResponseHeaders()
          .add(
              "Link",
              "<%s%s?recursive=true&expand=false&cursor=%s>; rel=\"next\""
                  .formatted(hub.endpoint(), exchange.getRequestURI().getPath(), end));
    }
    json(exchange, "[" + entries + "]");
  }

  private void resolve(HttpExchange exchange, String id, String path) throws IOException {
    FakeHub.Repository repository = hub.repositories.get(id);
    byte[] content = repository.files.get(path);
    exchange.getResponseHeaders().add("X-Repo-Commit", repository.commit);
    if (content == null) {
      FakeHub.status(404, "X-Error-Code: EntryNotFound").answer(exchange);
    } else if (isLarge(path)) {
      String signature = "s" + hub.signed.incrementAndGet();
      hub.signatures.add(signature);
      FakeHub.status(
              302,
              "X-Linked-Etag: \"%s\"".formatted(FakeHub.sha256(content)),
              "X-Linked-Size: " + content.length,
              "Location: %s/%s?Signature=%s"
                  .formatted(hub.filesAddress(), FakeHub.sha256(content), signature))
          .answer(exchange);
    } else {
      exchange.getResponseHeaders().add("ETag", "\"%s\"".formatted(FakeHub.gitSha1(content)));
      FakeHub.bytes(exchange, content);
    }
  }

  private static boolean isLarge(String path) {
    return path.endsWith(".safetensors");
  }

  private static void json(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
