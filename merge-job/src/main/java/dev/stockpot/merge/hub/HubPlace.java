package dev.stockpot.merge.hub;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.storage.Location;
import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file or folder of a repository at a commit, which never changes: {@code
 * hf://org/name@commit/path}.
 *
 * @param commit 40 hexadecimal digits
 * @param path in the repository; empty for the repository itself
 */
record HubPlace(String id, String commit, String path) implements Serializable {
  private static final String COMMIT = "[0-9a-f]{40}";
  private static final Pattern PINNED =
      Pattern.compile("hf://(?<id>[^@/]+/[^@/]+)@(?<commit>" + COMMIT + ")(?:/(?<path>.*))?");

  HubPlace {
    requireNonNull(id, "id is null");
    requireNonNull(path, "path is null");
    if (!isCommit(commit)) {
      throw new IllegalArgumentException("%s is no commit".formatted(commit));
    }
  }

  static boolean isCommit(String revision) {
    return revision.matches(COMMIT);
  }

  /** What a location names; nothing if that has no commit. */
  static Optional<HubPlace> of(Location location) {
    Matcher parts = PINNED.matcher(location.path());
    if (!parts.matches()) {
      return Optional.empty();
    }
    String path = Optional.ofNullable(parts.group("path")).orElse("");
    return Optional.of(new HubPlace(parts.group("id"), parts.group("commit"), path));
  }

  /** The repository, at the same commit. */
  HubPlace repository() {
    return new HubPlace(id, commit, "");
  }

  Location location() {
    return new Location("hf://%s@%s%s".formatted(id, commit, path.isEmpty() ? "" : "/" + path));
  }

  @Override
  public String toString() {
    return location().path();
  }
}
