package dev.stockpot.example;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.merge.run.Stockpot;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** What is on the class path of whoever calls Stockpot, whoever started this. */
final class ClassPath {
  static final String OF_CALLERS =
      Stream.of(Stockpot.class, MergeMethod.class, SparkSession.class, SparkConf.class)
          .map(ClassPath::place)
          .collect(Collectors.joining(File.pathSeparator));

  private ClassPath() {}

  /** The jar or folder that a class is from. */
  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
