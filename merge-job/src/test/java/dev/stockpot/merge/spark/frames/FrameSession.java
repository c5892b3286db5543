package dev.stockpot.merge.spark.frames;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A Spark of a test, with Kryo or without, which no other uses. */
public final class FrameSession implements AutoCloseable {
  private final JavaSparkContext spark;
  private final SparkSession session;

  public FrameSession(int tasks, boolean hasKryo) {
    this(conf(tasks, hasKryo));
  }

  private FrameSession(SparkConf conf) {
    spark = new JavaSparkContext(conf);
    session = SparkSession.builder().getOrCreate();
  }

  /** For many small tables: the code that Spark would make for each takes longer than these do. */
  public static FrameSession ofSmallTables(boolean hasKryo) {
    return ofSmallTables(hasKryo, Map.of());
  }

  /** The same, with what Hadoop has to know of a store. */
  public static FrameSession ofSmallTables(boolean hasKryo, Map<String, String> hadoop) {
    SparkConf conf =
        conf(2, hasKryo)
            .set("spark.sql.codegen.wholeStage", "false")
            .set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    hadoop.forEach((name, value) -> conf.set("spark.hadoop." + name, value));
    return new FrameSession(conf);
  }

  private static SparkConf conf(int tasks, boolean hasKryo) {
    SparkConf conf =
        new SparkConf(false)
            .setMaster("local[%s]".formatted(tasks))
            .setAppName("frames")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.sql.shuffle.partitions", "2"); // a task each, and tables are small
    if (hasKryo) {
      conf.set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    }
    return conf;
  }

  public SparkSession session() {
    return session;
  }

  @Override
  public void close() {
    session.stop();
    spark.close();
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }
}
