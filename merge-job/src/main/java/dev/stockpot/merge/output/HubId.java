package dev.stockpot.merge.output;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.Place;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a hub calls a model: {@code org/name}. */
final class HubId {
  private static final String PART = "[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?";
  private static final Pattern ID = Pattern.compile(PART + "/" + PART);
  private static final Pattern URI =
      Pattern.compile("hf:/+(?:models/)?(?<id>[^@/]+/[^@/]+)(?:[@/].*)?", Pattern.CASE_INSENSITIVE);

  /** Where a download cache keeps it. */
  private static final Pattern CACHED =
      Pattern.compile(".*/models--(?<org>[^/]+?)--(?<name>[^/]+)/snapshots/[^/]+(?:/.*)?");

  private HubId() {}

  static boolean isId(String text) {
    return ID.matcher(text).matches() && !text.contains("--") && !text.contains("..");
  }

  /**
   * The name of a model on the hub, where that is known.
   *
   * @param name as a recipe has it
   * @param folder where that was found: a name that is looked for in another folder than the
   *     working one is the name that it was fetched by
   */
  static Optional<String> of(String name, Location folder) {
    Matcher uri = URI.matcher(folder.path());
    if (uri.matches()) {
      return Optional.of(uri.group("id")).filter(HubId::isId);
    }
    Matcher cached = CACHED.matcher(Place.of(folder).toString());
    if (cached.matches()) {
      return Optional.of(cached.group("org") + "/" + cached.group("name")).filter(HubId::isId);
    }
    boolean isElsewhere = !folder.path().equals(name) && folder.path().endsWith("/" + name);
    return Optional.of(name).filter(any -> isElsewhere && isId(name));
  }
}
