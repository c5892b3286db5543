package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.hub.Wire.Answer;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a hub is asked: which commit a name is, what is in it, and where the bytes of a file are.
 */
final class HubApi {
  private static final int MOST_PAGES = 1000;
  private static final int NAMED = 5;
  private static final int OK = 200;

  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,]*rel=\"?next\"?");

  private final Wire wire;
  private final HubQuestions questions;

  HubApi(Wire wire) {
    this.wire = wire;
    this.questions = new HubQuestions(wire);
  }

  /** What the hub said beside its answers, and nobody was told. */
  List<String> warnings() {
    return wire.warnings().untold();
  }

  /** The commit that a name has now. */
  String commit(HubName name) throws IOException {
    Refusal refusal = refusal(name.id(), name.toString());
    URI address =
        address("/api/models/%s/revision/%s".formatted(name.id(), quoted(name.revision())));
    Answer answer = questions.ask("GET", address, refusal);
    if (answer.header("X-Error-Code").filter("RevisionNotFound"::equals).isPresent()) {
      answer.body().close();
      throw new HubException(
          "%s: there is no revision %s%s".formatted(name, name.revision(), nearest(name)));
    }
    String commit =
        HubQuestions.json(answer, refusal).object().map(model -> model.text("sha")).orElse("");
    if (!HubPlace.isCommit(commit)) {
      throw refusal.noHub("it names no commit");
    }
    return commit;
  }

  /** Branches and tags in words, for somebody who looks for one. */
  private String nearest(HubName name) throws IOException {
    Refusal refusal = refusal(name.id(), name.toString());
    Answer answer =
        questions.ask("GET", address("/api/models/%s/refs".formatted(name.id())), refusal);
    if (answer.status() != OK) {
      answer.body().close();
      return ". Check its spelling";
    }
    JsonObject refs = HubQuestions.json(answer, refusal).object().orElse(JsonObject.EMPTY);
    List<String> names =
        Stream.of("branches", "tags")
            .flatMap(kind -> refs.objects(kind).stream())
            .map(ref -> ref.text("name"))
            .limit(NAMED)
            .toList();
    return names.isEmpty() ? ". Check its spelling" : "; there are " + String.join(", ", names);
  }

  /** All files at a commit, by path. */
  Map<String, HubFile> files(HubPlace repository) throws IOException {
    Refusal refusal = refusal(repository.id(), repository.toString());
    Map<String, HubFile> files = new TreeMap<>();
    Optional<URI> page =
        Optional.of(
            address(
                "/api/models/%s/tree/%s?recursive=true&expand=false"
                    .formatted(repository.id(), repository.commit())));
    for (int pages = 0; page.isPresent(); pages++) {
      if (pages == MOST_PAGES) {
        throw refusal.noHub("its list of files has no end");
      }
      Answer answer = questions.ask("GET", page.get(), refusal);
      List<JsonValue> entries =
          HubQuestions.json(answer, refusal)
              .list()
              .orElseThrow(() -> refusal.noHub("it lists no files"));
      entries.forEach(entry -> entry.object().ifPresent(file -> add(file, files)));
      page = next(answer);
    }
    return files;
  }

  private static void add(JsonObject entry, Map<String, HubFile> files) {
    if (!entry.text("type").equals("file") || !leadsInside(entry.text("path"))) {
      return; // a folder, or something that no hub has
    }
    Optional<JsonObject> large = entry.object("lfs");
    String digest =
        large
            .map(lfs -> lfs.text("oid").isEmpty() ? lfs.text("sha256") : lfs.text("oid"))
            .orElse(entry.text("oid"));
    long size =
        large
            .map(lfs -> lfs.whole("size", entry.whole("size", -1)))
            .orElse(entry.whole("size", -1));
    if (size >= 0) {
      files.put(
          entry.text("path"),
          new HubFile(size, digest.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? digest : ""));
    }
  }

  private static boolean leadsInside(String path) {
    return Stream.of(path.split("/", -1))
        .noneMatch(
            name -> name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("\\"));
  }

  private static Optional<URI> next(Answer answer) {
    return answer.headers().allValues("Link").stream()
        .map(NEXT::matcher)
        .filter(Matcher::find)
        .map(link -> answer.uri().resolve(link.group(1)))
        .findFirst();
  }

  /** Where the bytes of a file are, for a while. */
  SignedLocation sign(HubPlace file, HubFile known) throws IOException {
    Refusal refusal = refusal(file.id(), file.toString());
    Answer answer =
        questions.ask(
            "HEAD",
            address(
                "/%s/resolve/%s/%s".formatted(file.id(), file.commit(), quotedPath(file.path()))),
            refusal);
    answer.body().close();
    return ResolveAnswer.of(answer, file, known, refusal).address(wire.endpoint());
  }

  private Refusal refusal(String id, String what) {
    return new Refusal(id, what, wire.endpoint(), wire.hasToken());
  }

  private URI address(String path) {
    return URI.create(wire.endpoint() + path);
  }

  private static String quoted(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static String quotedPath(String path) {
    return Stream.of(path.split("/")).map(HubApi::quoted).collect(Collectors.joining("/"));
  }
}
