package dev.stockpot.merge.engine;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Spark is here. Names no class of Spark: an older one would not have it. */
public final class SparkRelease {
  private static final String RESOURCE = "spark-version-info.properties";
  private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final int LEAST_MAJOR = 4;
  private static final int LEAST_MINOR = 1;

  private SparkRelease() {}

  /**
   * Looks, where {@code spark-submit} started this JVM, at its Spark before anything else is loaded
   * from it: an older one has older libraries, which fail with traces of their own.
   *
   * @throws UserException if it is too old
   */
  public static void requireNewEnough() {
    if (System.getProperty("spark.master") != null) {
      onClassPath(SparkRelease.class.getClassLoader()).ifPresent(SparkRelease::requireNewEnough);
    }
  }

  /**
   * Checks a version of Spark.
   *
   * @throws UserException if it is too old
   */
  public static void requireNewEnough(String version) {
    Matcher numbers = NUMBERS.matcher(version);
    if (!numbers.matches()) {
      return; // whoever builds Spark with a version of his own knows what he does
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    if (major < LEAST_MAJOR || (major == LEAST_MAJOR && minor < LEAST_MINOR)) {
      throw new UserException(
          "This is Spark %s; Stockpot needs Spark %s.%s or later. Submit to a newer cluster, or merge without one: ./stockpot merge"
              .formatted(version, LEAST_MAJOR, LEAST_MINOR));
    }
  }

  static Optional<String> onClassPath(ClassLoader loader) {
    try (InputStream resource = loader.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(resource);
      return Optional.ofNullable(properties.getProperty("version"));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it is in a jar that is open
    }
  }
}
