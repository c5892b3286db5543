package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * Where the requests for a bucket go. S3A tries for minutes, in silence, before it says that nobody
 * is there; a connection is tried before the first request instead. Once it was answered, all
 * patience is S3A's.
 *
 * @param setting what says so
 */
record S3Endpoint(String host, int port, String setting) {
  private static final String ENDPOINT = "fs.s3a.endpoint";
  private static final String EVERYWHERE = "s3.amazonaws.com";
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  /** How long to try, and how long to wait for one answer and between two tries. */
  record Patience(Duration all, Duration one, Duration between) {
    static final Patience USUAL =
        new Patience(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(1));
  }

  /** The endpoint, or the proxy in front of it; nothing where only the AWS SDK finds it out. */
  static Optional<S3Endpoint> of(Configuration configuration, String bucket) {
    String proxy = value(configuration, bucket, "proxy.host");
    boolean isEncrypted = !value(configuration, bucket, "connection.ssl.enabled").equals("false");
    if (!proxy.isEmpty()) {
      String port = value(configuration, bucket, "proxy.port");
      boolean isSecure = value(configuration, bucket, "proxy.ssl.enabled").equals("true");
      int usual = isSecure ? HTTPS : HTTP;
      return Optional.of(
          new S3Endpoint(
              proxy, port.isEmpty() ? usual : Integer.parseInt(port), "fs.s3a.proxy.host"));
    }
    String endpoint = value(configuration, bucket, "endpoint");
    if (endpoint.isEmpty() || endpoint.equals(EVERYWHERE)) {
      return ofRegion(configuration, bucket);
    }
    String uri =
        endpoint.contains("://") ? endpoint : (isEncrypted ? "https://" : "http://") + endpoint;
    URI parsed = URI.create(uri);
    int usual = parsed.getScheme().equals("http") ? HTTP : HTTPS;
    return Optional.ofNullable(parsed.getHost())
        .map(
            host ->
                new S3Endpoint(host, parsed.getPort() < 0 ? usual : parsed.getPort(), ENDPOINT));
  }

  /** Of AWS itself, as far as the configuration tells. */
  private static Optional<S3Endpoint> ofRegion(Configuration configuration, String bucket) {
    String region = value(configuration, bucket, "endpoint.region");
    boolean isElsewhere =
        value(configuration, bucket, "endpoint.fips").equals("true")
            || !value(configuration, bucket, "accesspoint.arn").isEmpty();
    if (isElsewhere || !region.matches("[a-z]+(-[a-z]+)+-\\d")) {
      return Optional.empty();
    }
    String domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return Optional.of(
        new S3Endpoint("s3.%s.%s".formatted(region, domain), HTTPS, ENDPOINT + ".region"));
  }

  /** Of the bucket, or of all. */
  private static String value(Configuration configuration, String bucket, String name) {
    String ofAll = configuration.getTrimmed("fs.s3a." + name, "");
    return configuration.getTrimmed("fs.s3a.bucket.%s.%s".formatted(bucket, name), ofAll);
  }

  /**
   * Waits until somebody takes a connection.
   *
   * @throws UserException if nobody does in time
   */
  void requireSomebody(Location location, Patience patience) throws IOException {
    long end = System.nanoTime() + patience.all().toNanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), (int) patience.one().toMillis());
        return;
      } catch (IOException | IllegalArgumentException e) {
        if (System.nanoTime() + patience.between().toNanos() >= end) {
          throw new UserException(
              "%s: nobody answers at %s:%s (%s), as %s says. Check that the server runs and the network, or set another endpoint: -Dspark.hadoop.fs.s3a.endpoint=… in STOCKPOT_JAVA_OPTS, --conf spark.hadoop.fs.s3a.endpoint=… for spark-submit"
                  .formatted(location, host, port, reason(e), setting),
              e);
        }
        pause(patience.between());
      }
    }
  }

  private static String reason(Exception failure) {
    boolean isUnknown =
        failure instanceof UnknownHostException
            || String.valueOf(failure.getMessage()).contains("unresolved");
    return isUnknown ? "its name is not known" : HadoopFolder.firstLine(failure);
  }

  private void pause(Duration time) throws InterruptedIOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for %s:%s".formatted(host, port));
    }
  }
}
