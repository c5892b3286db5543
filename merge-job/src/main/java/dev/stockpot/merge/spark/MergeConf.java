package dev.stockpot.merge.spark;

import java.util.List;
import org.apache.spark.SparkConf;

/** How Spark is to be configured for merges, beside what the user configured. */
final class MergeConf {
  static final String PLUGINS = "spark.plugins";
  static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

  /**
   * Kernels are compiled one by one. Inlined into a whole merge, which the compiler is tempted to,
   * their loops come out up to twice as slow. The launcher's file of Java options has the same for
   * the JVM that is both driver and executor.
   */
  static final String COMPILATION =
      "-XX:CompileCommand=quiet"
          + " -XX:CompileCommand=dontinline,dev.stockpot.kernels.vector.*::*";

  private static final String ENVIRONMENT = "spark.executorEnv.";

  /**
   * What says how executors spell names of files; without any, they know no letter beyond ASCII.
   */
  private static final List<String> LANGUAGE = List.of("LC_ALL", "LC_CTYPE", "LANG");

  /** Tries of one task; as many as Spark's own default on a cluster. */
  private static final int TRIES = 4;

  private MergeConf() {}

  /**
   * Whether {@code spark-submit} started this JVM; if nobody did, Spark runs inside of it. Asked of
   * the properties, where a configuration of Spark finds it too, since the first of these loads a
   * third of a second's classes, which a plan does not need.
   */
  static boolean isSubmitted() {
    return System.getProperty("spark.master") != null;
  }

  /**
   * The configuration of a merge.
   *
   * @param embeddedTasks tasks at once, where Spark runs inside this JVM
   */
  static SparkConf of(int embeddedTasks) {
    SparkConf conf = new SparkConf();
    if (!isSubmitted()) {
      conf.setMaster("local[%s,%s]".formatted(embeddedTasks, TRIES))
          .set("spark.ui.enabled", "false")
          .set("spark.metrics.conf.driver.sink.servlet.class", NoMetricsPage.class.getName())
          .set("spark.metrics.namespace", "stockpot") // asked for before there is an application's
          .set("spark.driver.host", "127.0.0.1")
          .set("spark.driver.bindAddress", "127.0.0.1");
    }
    conf.setIfMissing("spark.app.name", "stockpot");
    if (LANGUAGE.stream().map(ENVIRONMENT::concat).noneMatch(conf::contains)) {
      conf.set(ENVIRONMENT + LANGUAGE.get(0), "C.UTF-8");
    }
    append(conf, PLUGINS, ",", MetricsPlugin.class.getName());
    append(conf, EXECUTOR_OPTIONS, " ", COMPILATION);
    return conf;
  }

  private static void append(SparkConf conf, String key, String separator, String ours) {
    String theirs = conf.get(key, "");
    conf.set(key, theirs.isEmpty() ? ours : theirs + separator + ours);
  }
}
