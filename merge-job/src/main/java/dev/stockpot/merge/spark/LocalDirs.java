package dev.stockpot.merge.spark;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.Scratch;
import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * Where a Spark inside this JVM keeps its own files. Where it can write none of these folders, it
 * ends the process, after a page of its log.
 */
final class LocalDirs {
  private static final String VARIABLE = "SPARK_LOCAL_DIRS";
  private static final String KEY = "spark.local.dir";

  private LocalDirs() {}

  /**
   * Looks whether one of them can be written, which is enough.
   *
   * @throws UserException if none can
   */
  static void requireOne(Map<String, String> environment, SparkConf conf) {
    String source = environment.containsKey(VARIABLE) ? VARIABLE : KEY;
    String dirs =
        environment.getOrDefault(VARIABLE, conf.get(KEY, System.getProperty("java.io.tmpdir")));
    List<String> names =
        Arrays.stream(dirs.split(",")).map(String::strip).filter(dir -> !dir.isEmpty()).toList();
    if (names.stream().noneMatch(LocalDirs::isWritable)) {
      throw new UserException(
          "Spark keeps files of its own in %s (%s), which cannot be written. Make a folder there that can be, or set %s to another"
              .formatted(names.stream().collect(joining(", ", "'", "'")), source, VARIABLE));
    }
  }

  /**
   * Has Spark write into folders of ours in them, which the next process removes if this one
   * cannot. The variable is stronger than any setting: what it names stays as it is.
   */
  static void redirect(Map<String, String> environment, SparkConf conf) {
    if (!environment.containsKey(VARIABLE)) {
      String dirs = conf.get(KEY, Scratch.temporary().toString());
      conf.set(
          KEY,
          Arrays.stream(dirs.split(","))
              .map(String::strip)
              .filter(LocalDirs::isWritable)
              .map(dir -> Scratch.in(Path.of(dir)).map(Path::toString).orElse(dir))
              .collect(joining(",")));
    }
  }

  /** Spark makes a folder in it, and it itself where it is not there. */
  private static boolean isWritable(String name) {
    try {
      Path folder = Files.createDirectories(Path.of(name));
      Files.delete(Files.createTempDirectory(folder, "stockpot"));
      return true;
    } catch (IOException | InvalidPathException e) { // which are the same to whoever sets it
      return false;
    }
  }
}
