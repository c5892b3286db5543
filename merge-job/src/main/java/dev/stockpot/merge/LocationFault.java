package dev.stockpot.merge;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong with the text of a location as somebody typed it, before anything asks a store for
 * it: a program's words for that would come late, and hold what was typed.
 */
public final class LocationFault {
  /** Two letters at least: {@code C:/models} is a folder of Windows. */
  private static final Pattern URI = Pattern.compile("([^/:]+):(//)?([^/]*)(/.*)?", Pattern.DOTALL);

  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+");

  /** What Hadoop and S3 take for one. */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

  private static final Pattern PORT = Pattern.compile("[^:]*:[0-9]*");

  private static final Set<String> OF_BUCKETS = Set.of("s3a", "s3", "s3n", "gs");

  /** Those whose part in front of an {@code @} is no user: {@code container@account}. */
  private static final Set<String> OF_CONTAINERS = Set.of("abfs", "abfss", "wasb", "wasbs");

  private LocationFault() {}

  /** In a sentence with a remedy; nothing where it may be one. Never repeats what may be a key. */
  public static Optional<String> of(String typed) {
    if (typed.isBlank()) {
      return Optional.of("a location is empty; is a variable in it not set?");
    }
    if (typed.chars().anyMatch(Character::isISOControl)) {
      return Optional.of(
          "the location %s holds a line feed, or another character that does not show; remove it"
              .formatted("'" + Shown.of(typed) + "'"));
    }
    if (hasLoneSurrogate(typed)) {
      return Optional.of(
          "the location %s holds half a character, which no store can spell"
              .formatted("'" + Shown.of(typed) + "'"));
    }
    Matcher uri = URI.matcher(typed);
    return uri.matches() ? ofUri(typed, uri) : Optional.empty();
  }

  private static Optional<String> ofUri(String typed, Matcher uri) {
    String scheme = uri.group(1);
    boolean isNamed = uri.group(2) != null;
    if (!SCHEME.matcher(scheme).matches()) {
      return isNamed
          ? Optional.of(
              "%s: `%s` is no scheme, such as s3a; write ./%s for a folder of that name"
                  .formatted(typed, scheme, typed))
          : Optional.empty();
    }
    String rest = typed.substring(scheme.length() + 1);
    if (rest.chars().allMatch(c -> c == '/')) {
      return Optional.of(
          "%s names nothing but a scheme; is a variable behind it not set?".formatted(typed));
    }
    return isNamed
        ? ofAuthority(typed, scheme.toLowerCase(Locale.ROOT), uri.group(3))
        : Optional.empty();
  }

  private static Optional<String> ofAuthority(String typed, String scheme, String authority) {
    boolean isUser = authority.contains("@") && !OF_CONTAINERS.contains(scheme);
    boolean isPassword = authority.contains(":") && !PORT.matcher(authority).matches();
    if (isUser || isPassword) {
      return Optional.of(
          "a location of %s:// holds a user or a key in front of its name, and would be written into outputs with it. Leave it away: keys belong in the environment, an AWS profile, or Spark's settings"
              .formatted(scheme));
    }
    if (!OF_BUCKETS.contains(scheme)) {
      return Optional.empty();
    }
    if (authority.isEmpty()) {
      return Optional.of("%s names no bucket; write %s://bucket/key".formatted(typed, scheme));
    }
    return BUCKET.matcher(authority).matches()
        ? Optional.empty()
        : Optional.of(
            "%s: `%s` can be no bucket: its name has lower-case letters, digits, dots and hyphens alone"
                .formatted(typed, authority));
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
