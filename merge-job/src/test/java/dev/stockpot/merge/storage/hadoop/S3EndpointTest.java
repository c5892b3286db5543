package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where requests for a bucket go, and what is said if nobody is there. */
class S3EndpointTest {
  private static final Location BUCKET = new Location("s3a://models/a");
  private static final S3Endpoint.Patience LITTLE =
      new S3Endpoint.Patience(Duration.ofMillis(20), Duration.ofMillis(500), Duration.ofMillis(5));

  private static Optional<S3Endpoint> endpoint(String... entries) {
    Configuration configuration = new Configuration(/* loadDefaults= */ false);
    for (int i = 0; i < entries.length; i += 2) {
      configuration.set("fs.s3a." + entries[i], entries[i + 1]);
    }
    return S3Endpoint.of(configuration, "models");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:9000, 127.0.0.1, 9000",
    "http://minio, minio, 80",
    "https://minio/, minio, 443",
    "minio:9000, minio, 9000",
    "s3.eu-west-1.amazonaws.com, s3.eu-west-1.amazonaws.com, 443",
  })
  void isWhatTheConfigurationSays(String value, String host, int port) {
    assertThat(endpoint("endpoint", value)).hasValue(new S3Endpoint(host, port, "fs.s3a.endpoint"));
  }

  @Test
  void isThatOfTheBucketBeforeThatOfAll() {
    assertThat(
            endpoint("endpoint", "http://all", "bucket.models.endpoint", "http://one:1")
                .get()
                .host())
        .isEqualTo("one");
  }

  @Test
  void isTheProxyInFrontOfIt() {
    assertThat(endpoint("endpoint", "http://minio", "proxy.host", "proxy", "proxy.port", "3128"))
        .hasValue(new S3Endpoint("proxy", 3128, "fs.s3a.proxy.host"));
  }

  @Test
  void isThatOfTheRegionAtAws() {
    assertThat(endpoint("endpoint.region", "eu-west-1"))
        .hasValue(new S3Endpoint("s3.eu-west-1.amazonaws.com", 443, "fs.s3a.endpoint.region"));
    assertThat(endpoint("endpoint.region", "cn-north-1").get().host())
        .isEqualTo("s3.cn-north-1.amazonaws.com.cn");
  }

  @Test
  void isNotGuessedWhereOnlyTheSdkKnows() {
    assertThat(endpoint()).isEmpty();
    assertThat(endpoint("endpoint", "s3.amazonaws.com")).isEmpty();
    assertThat(endpoint("endpoint.region", "sdk")).isEmpty();
    assertThat(endpoint("endpoint.region", "us-east-1", "endpoint.fips", "true")).isEmpty();
  }

  @Test
  void somebodyIsThereAsSoonAsAConnectionIsTaken() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      S3Endpoint endpoint = new S3Endpoint("127.0.0.1", server.getLocalPort(), "fs.s3a.endpoint");

      assertThatCode(() -> endpoint.requireSomebody(BUCKET, LITTLE)).doesNotThrowAnyException();
    }
  }

  @Test
  void nobodyIsSaidWithTheEndpointAndWhatToDo() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    S3Endpoint endpoint = new S3Endpoint("127.0.0.1", port, "fs.s3a.endpoint");

    assertThatThrownBy(() -> endpoint.requireSomebody(BUCKET, LITTLE))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "s3a://models/a: nobody answers at 127.0.0.1:%s (Connection refused), as fs.s3a.endpoint says.",
            port)
        .hasMessageContaining("-Dspark.hadoop.fs.s3a.endpoint=");
  }

  @Test
  void aNameThatNobodyKnowsIsSaid() {
    S3Endpoint endpoint = new S3Endpoint("minio.invalid", 9000, "fs.s3a.endpoint");

    assertThatThrownBy(() -> endpoint.requireSomebody(BUCKET, LITTLE))
        .hasMessageContaining("minio.invalid:9000 (its name is not known)");
  }

  @Test
  void patienceEndsInTime() {
    S3Endpoint.Patience usual = S3Endpoint.Patience.USUAL;

    assertThat(usual.all().plus(usual.one())).isLessThan(Duration.ofSeconds(30));
  }
}
