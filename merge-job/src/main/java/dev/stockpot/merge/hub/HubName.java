package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import java.net.URLDecoder;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model as people name it: {@code org/name}, {@code org/name@revision}, or {@code
 * hf://org/name@revision/folder}.
 *
 * @param id {@code org/name}
 * @param revision a branch, a tag, a commit, {@code refs/pr/7}; {@code main} where nobody says
 * @param folder of the repository that holds the model; empty for the repository itself
 */
record HubName(String id, String revision, String folder) {
  static final String SCHEME = "hf";

  private static final String PREFIX = SCHEME + "://";
  private static final String MAIN = "main";
  private static final String MODELS = "models/";
  private static final int MOST_CHARACTERS = 96;

  private static final String PART = "[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?";
  private static final Pattern ID = Pattern.compile(PART + "/" + PART);
  private static final Pattern BARE = Pattern.compile("(?<id>[^@/]+/[^@/]+)(?:@(?<revision>.+))?");

  /** A revision has no slash, but for those below refs/, unless it is written as %2F. */
  private static final Pattern URI =
      Pattern.compile(
          "(?<id>[^@/]+/[^@/]+)(?:@(?<revision>refs/[^/]+/[^/]+|[^/]+))?(?:/(?<folder>.+))?");

  private static final Pattern REVISION = Pattern.compile("[^\\s\\p{Cntrl}~^:?*\\[\\\\]+");
  private static final Pattern OTHER_KINDS =
      Pattern.compile("(datasets|spaces|buckets|kernels)/.*");

  HubName {
    requireNonNull(folder, "folder is null");
    if (!isId(id) || !isRevision(revision)) {
      throw new IllegalArgumentException("%s@%s names no model".formatted(id, revision));
    }
  }

  private static boolean isId(String id) {
    return id.length() <= MOST_CHARACTERS
        && ID.matcher(id).matches()
        && !id.contains("--")
        && !id.contains("..")
        && !id.endsWith(".git");
  }

  private static boolean isRevision(String revision) {
    return REVISION.matcher(revision).matches()
        && !revision.contains("..")
        && !revision.startsWith("/")
        && !revision.endsWith("/");
  }

  /** Whether a text is meant for a hub and nothing else. */
  static boolean isUri(String text) {
    return text.regionMatches(true, 0, SCHEME + ":", 0, SCHEME.length() + 1);
  }

  /** What a text without a scheme names, if it can be a model's name. */
  static Optional<HubName> bare(String text) {
    Matcher parts = BARE.matcher(text);
    if (!parts.matches() || OTHER_KINDS.matcher(text).matches()) {
      return Optional.empty();
    }
    String revision = Optional.ofNullable(parts.group("revision")).orElse(MAIN);
    return isId(parts.group("id")) && isRevision(revision)
        ? Optional.of(new HubName(parts.group("id"), revision, ""))
        : Optional.empty();
  }

  /**
   * What a URI names.
   *
   * @throws UserException if that is no model
   */
  static HubName uri(String text) {
    String rest = text.substring(Math.min(text.length(), PREFIX.length()));
    if (!text.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
      throw new UserException("%s: write hf://org/name, with two slashes".formatted(text));
    }
    Matcher other = OTHER_KINDS.matcher(rest);
    if (other.matches()) {
      throw new UserException(
          "%s is among the %s of the hub. Only models are merged: hf://org/name"
              .formatted(text, other.group(1)));
    }
    rest = rest.startsWith(MODELS) ? rest.substring(MODELS.length()) : rest;
    Matcher parts = URI.matcher(rest);
    if (!parts.matches() || !isId(parts.group("id"))) {
      throw new UserException(
          "%s names no model of a hub. Write hf://org/name or hf://org/name@revision; %s"
              .formatted(
                  text,
                  rest.contains("/")
                      ? "names have letters, digits and . _ - inside, 96 characters at most"
                      : "a name without an organisation, such as gpt2, is openai-community/gpt2 or the like"));
    }
    String revision =
        Optional.ofNullable(parts.group("revision")).map(HubName::decoded).orElse(MAIN);
    String folder = Optional.ofNullable(parts.group("folder")).orElse("");
    if (!isRevision(revision) || folder.contains("..")) {
      throw new UserException(
          "%s: %s is no %s"
              .formatted(
                  text,
                  isRevision(revision) ? "'" + folder + "'" : "'" + revision + "'",
                  isRevision(revision) ? "folder of a repository" : "revision"));
    }
    return new HubName(parts.group("id"), revision, folder);
  }

  /** A plus sign is itself: this is no form of a web page. */
  private static String decoded(String revision) {
    try {
      return URLDecoder.decode(revision.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      return revision; // a percent sign that begins no code
    }
  }

  /** Where it lies at a commit. */
  HubPlace at(String commit) {
    return new HubPlace(id, commit, folder);
  }

  /** As {@code hf download} takes it. */
  String download() {
    return revision.equals(MAIN) ? id : "%s --revision %s".formatted(id, revision);
  }

  /** As it can be written in a recipe. */
  @Override
  public String toString() {
    return id
        + (revision.equals(MAIN) ? "" : "@" + revision)
        + (folder.isEmpty() ? "" : "/" + folder);
  }
}
