package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.Location;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a location needs whose scheme nothing here knows, or that no file system is behind. */
final class Schemes {
  private static final String HUB =
      "The model of a page of the hub is named without its address: %s. Nothing is written to a hub";
  private static final String WEB =
      "Nothing is read from or written to a web server. Download it and name the file or folder";

  /** Hadoop would open these, and fail at the first list of a folder with words of its own. */
  private static final Map<String, String> NO_FILE_SYSTEM =
      Map.of("hf", HUB, "http", WEB, "https", WEB, "ftp", WEB);

  private static final Map<String, String> CONNECTORS =
      Map.of(
          "gs", "com.google.cloud.bigdataoss:gcs-connector:VERSION",
          "abfs", "org.apache.hadoop:hadoop-azure:VERSION",
          "abfss", "org.apache.hadoop:hadoop-azure:VERSION",
          "wasb", "org.apache.hadoop:hadoop-azure:VERSION",
          "wasbs", "org.apache.hadoop:hadoop-azure:VERSION",
          "s3a", "org.apache.hadoop:hadoop-aws:VERSION");

  private Schemes() {}

  /** What to do instead, where the scheme names no folders and files at all. */
  static Optional<String> refusal(Location location) {
    String scheme = location.scheme();
    String name = location.path().substring(location.path().indexOf(':') + 1).replaceAll("^/+", "");
    boolean isHubPage = name.startsWith("huggingface.co/");
    return Optional.ofNullable(isHubPage ? HUB : NO_FILE_SYSTEM.get(scheme))
        .map(text -> text.formatted(model(name)))
        .map(text -> "%s: %s".formatted(location, text));
  }

  /** The first two names of a path, without the host of the hub's pages. */
  private static String model(String path) {
    List<String> names =
        Stream.of(path.split("/")).filter(name -> !name.equals("huggingface.co")).toList();
    return String.join("/", names.subList(0, Math.min(2, names.size())));
  }

  /** What to add, so that Hadoop knows the scheme. */
  static String remedy(String scheme) {
    if (scheme.equals("s3") || scheme.equals("s3n")) {
      return "Write s3a:// instead";
    }
    String connector = CONNECTORS.get(scheme);
    return connector == null
        ? "Check its spelling, or add the jar that knows it: spark-submit --jars, or STOCKPOT_JARS for ./stockpot"
        : "Add its connector, of the version that fits the cluster's Hadoop: spark-submit --packages %s, or its jars in STOCKPOT_JARS for ./stockpot"
            .formatted(connector);
  }
}
