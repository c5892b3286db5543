package dev.stockpot.merge.cli;

import dev.stockpot.kernels.KernelProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;

/** What a machine has that a merge could use, and what to do where something is missing. */
final class Offers {
  /** Where cudf, alone or in Spark's RAPIDS plugin, writes its version. */
  private static final String CUDF_VERSION = "cudf-java-version-info.properties";

  private static final String SPARK_VERSION = "spark-version-info.properties";

  /**
   * One line.
   *
   * @param remedy what to do to have it; empty if it is there
   */
  record Offer(String name, String found, Optional<String> remedy) {
    static Offer there(String name, String found) {
      return new Offer(name, found, Optional.empty());
    }

    static Offer missing(String name, String remedy) {
      return new Offer(name, "not here", Optional.of(remedy));
    }
  }

  /** A storage scheme, the class that serves it, and the jar that has it. */
  private record Connector(String scheme, String type, String jar) {}

  private static final List<Connector> CONNECTORS =
      List.of(
          new Connector(
              "s3a://",
              "org.apache.hadoop.fs.s3a.S3AFileSystem",
              "org.apache.hadoop:hadoop-aws of your Hadoop version"),
          new Connector(
              "hdfs://",
              "org.apache.hadoop.hdfs.DistributedFileSystem",
              "org.apache.hadoop:hadoop-client-api"),
          new Connector(
              "abfs://",
              "org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem",
              "org.apache.hadoop:hadoop-azure of your Hadoop version"),
          new Connector(
              "gs://",
              "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem",
              "com.google.cloud.bigdataoss:gcs-connector"));

  private final List<KernelProvider> providers;
  private final Predicate<String> hasClass;

  /**
   * @param providers who could compute, the fastest first
   * @param hasClass whether there is a class of that name
   */
  Offers(List<KernelProvider> providers, Predicate<String> hasClass) {
    this.providers = providers;
    this.hasClass = hasClass;
  }

  /** Whether the class is on this JVM's class path; it is not initialised. */
  static boolean isOnClassPath(String name) {
    try {
      Class.forName(name, false, Offers.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  List<Offer> all() {
    List<Offer> offers = new ArrayList<>();
    offers.add(
        Offer.there(
            "Java",
            "%s (%s)"
                .formatted(System.getProperty("java.version"), System.getProperty("java.vendor"))));
    offers.add(
        version(SPARK_VERSION)
            .map(version -> Offer.there("Spark", version))
            .orElseGet(() -> Offer.missing("Spark", "run ./stockpot or spark-submit")));
    offers.add(memory());
    for (KernelProvider provider : providers) {
      offers.add(
          provider
              .obstacle()
              .map(obstacle -> Offer.missing("Kernels: " + provider.name(), obstacle))
              .orElseGet(() -> Offer.there("Kernels: " + provider.name(), provider.machine())));
    }
    offers.add(
        version(CUDF_VERSION)
            .map(version -> Offer.there("RAPIDS cudf", version))
            .orElseGet(
                () ->
                    Offer.missing(
                        "RAPIDS cudf", "only for GPUs: add ai.rapids:cudf, classifier cuda13")));
    for (Connector connector : CONNECTORS) {
      offers.add(
          hasClass.test(connector.type())
              ? Offer.there(connector.scheme(), "yes")
              : Offer.missing(connector.scheme(), "add " + connector.jar()));
    }
    return offers;
  }

  private static Offer memory() {
    long machine =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return Offer.there(
        "Machine",
        "%s, %s of memory, of which the JVM's heap may take %s"
            .formatted(
                Sizes.count(Runtime.getRuntime().availableProcessors(), "processor"),
                Sizes.bytes(machine),
                Sizes.bytes(Runtime.getRuntime().maxMemory())));
  }

  /** From the file that a library leaves in its jar. */
  private static Optional<String> version(String resource) {
    try (InputStream stream = Offers.class.getClassLoader().getResourceAsStream(resource)) {
      if (stream == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(stream);
      return Optional.ofNullable(properties.getProperty("version"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
