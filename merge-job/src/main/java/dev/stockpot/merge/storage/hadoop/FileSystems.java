package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Connects to file systems. They are not those of Spark and of other code in this JVM, because our
 * settings suit whole shards rather than small files.
 */
final class FileSystems {
  /** What we want where neither the user nor the cluster has said otherwise. */
  private static final Map<String, String> PREFERRED =
      Map.of(
          // one request for what is asked, rather than blocks read ahead into memory of their own
          "fs.s3a.input.stream.type",
          "classic",
          // every task of an executor uploads a part, for as long as it computes it
          "fs.s3a.executor.capacity",
          "64");

  private FileSystems() {}

  /**
   * A new connection to the file system of a path.
   *
   * @throws UserException if Hadoop does not know its scheme
   */
  static FileSystem open(Map<String, String> entries, Location location, URI uri)
      throws IOException {
    try {
      return FileSystem.newInstance(uri, configuration(entries));
    } catch (UnsupportedFileSystemException e) {
      throw new UserException(
          "%s: nothing here reads %s://. %s"
              .formatted(location, uri.getScheme(), remedy(uri.getScheme())),
          e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof ClassNotFoundException missing) {
        throw new UserException(
            "%s: %s. %s".formatted(location, missing.getMessage(), remedy(uri.getScheme())), e);
      }
      throw e;
    } catch (NoClassDefFoundError e) {
      throw new UserException(
          "%s: class %s is missing. %s"
              .formatted(location, e.getMessage(), remedy(uri.getScheme())),
          e);
    }
  }

  private static String remedy(String scheme) {
    if (scheme.equals("s3") || scheme.equals("s3n")) {
      return "Write s3a:// instead";
    }
    String jar = scheme.equals("s3a") ? "hadoop-aws" : "the jar that knows it";
    return "Add %s of the cluster's Hadoop version: spark-submit --packages org.apache.hadoop:hadoop-aws:VERSION"
        .formatted(jar);
  }

  private static Configuration configuration(Map<String, String> entries) {
    Configuration configuration = new Configuration();
    String folder = System.getenv("HADOOP_CONF_DIR");
    if (folder != null && configuration.getResource("core-site.xml") == null) {
      configuration.addResource(new Path(new java.io.File(folder, "core-site.xml").toURI()));
      configuration.addResource(new Path(new java.io.File(folder, "hdfs-site.xml").toURI()));
    }
    PREFERRED.forEach(
        (name, value) -> {
          if (isDefault(configuration, name)) {
            configuration.set(name, value);
          }
        });
    entries.forEach(configuration::set);
    return configuration;
  }

  private static boolean isDefault(Configuration configuration, String name) {
    String[] sources = configuration.getPropertySources(name);
    return sources == null || sources[sources.length - 1].endsWith("-default.xml");
  }
}
