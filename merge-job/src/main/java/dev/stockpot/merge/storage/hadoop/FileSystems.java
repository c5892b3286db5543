package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.Scratch;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Connects to file systems. They are not those of Spark and of other code in this JVM, because our
 * settings suit whole shards rather than small files.
 */
final class FileSystems {
  private static final String SENT = "fs.s3a.buffer.dir";
  private static final String SDK = "software.amazon.awssdk.auth.credentials.";

  /** What we want where neither the user nor the cluster has said otherwise. */
  private static final Map<String, String> PREFERRED =
      Map.of(
          // one request for what is asked, rather than blocks read ahead into memory of their own
          "fs.s3a.input.stream.type",
          "classic",
          // every task of an executor uploads a part, for as long as it computes it
          "fs.s3a.executor.capacity",
          "64",
          // what the AWS SDK finds: also profiles, single sign-on in them, and web identities
          "fs.s3a.aws.credentials.provider",
          "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider,"
              + "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider,"
              + SDK
              + "EnvironmentVariableCredentialsProvider,"
              + SDK
              + "WebIdentityTokenFileCredentialsProvider,"
              + SDK
              + "ProfileCredentialsProvider,"
              + "org.apache.hadoop.fs.s3a.auth.IAMInstanceCredentialsProvider");

  private FileSystems() {}

  /**
   * A new connection to the file system of a path.
   *
   * @throws UserException if Hadoop does not know its scheme
   */
  static FileSystem open(Map<String, String> entries, Location location, URI uri)
      throws IOException {
    Optional<String> refusal = Schemes.refusal(location);
    if (refusal.isPresent()) {
      throw new UserException(refusal.get());
    }
    Configuration configuration = configuration(entries);
    if (S3a.SCHEME.equals(uri.getScheme())) {
      Optional<S3Endpoint> endpoint =
          S3Endpoint.of(configuration, String.valueOf(uri.getAuthority()));
      if (endpoint.isPresent()) {
        endpoint.get().requireSomebody(location, S3Endpoint.Patience.USUAL);
      }
    }
    try {
      return FileSystem.newInstance(uri, configuration);
    } catch (UnsupportedFileSystemException e) {
      throw new UserException(
          "%s: nothing here reads %s://. %s"
              .formatted(location, uri.getScheme(), Schemes.remedy(uri.getScheme())),
          e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof ClassNotFoundException missing) {
        throw new UserException(
            "%s: %s. %s".formatted(location, missing.getMessage(), Schemes.remedy(uri.getScheme())),
            e);
      }
      throw e;
    } catch (NoClassDefFoundError e) {
      throw new UserException(
          "%s: class %s is missing. %s"
              .formatted(location, e.getMessage(), Schemes.remedy(uri.getScheme())),
          e);
    }
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
    if (isDefault(configuration, SENT)) { // what is being sent, and stays there after a kill
      Scratch.folder().ifPresent(scratch -> configuration.set(SENT, scratch + "/s3a"));
    }
    entries.forEach(configuration::set);
    return configuration;
  }

  private static boolean isDefault(Configuration configuration, String name) {
    String[] sources = configuration.getPropertySources(name);
    return sources == null || sources[sources.length - 1].endsWith("-default.xml");
  }
}
