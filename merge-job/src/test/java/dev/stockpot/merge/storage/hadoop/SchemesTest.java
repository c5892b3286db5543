package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.Replaceable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of locations that nothing here can read or write. */
class SchemesTest {
  private final ObjectStore store = new HadoopStore(Map.of());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hf://org/model | is named without its address: org/model. Nothing is written to a hub",
        "https://huggingface.co/org/model/tree/main | is named without its address: org/model.",
        "https://example.org/model | Nothing is read from or written to a web server",
        "http://example.org/model | Download it and name the file or folder",
        "gs://bucket/model | com.google.cloud.bigdataoss:gcs-connector:VERSION",
        "abfss://c@account/model | org.apache.hadoop:hadoop-azure:VERSION",
        "s3://bucket/model | Write s3a:// instead",
        "s4a://bucket/model | Check its spelling, or add the jar that knows it",
      })
  void modelsAndOutputsSayWhatTheyNeed(String uri, String remedy) {
    Location location = new Location(uri);

    for (var use : new ThrowingUse[] {this::read, this::write}) {
      assertThatThrownBy(() -> use.of(location))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith(uri + ": ")
          .hasMessageContaining(remedy);
    }
  }

  private interface ThrowingUse {
    void of(Location location) throws Exception;
  }

  private void read(Location location) throws Exception {
    store.list(location);
  }

  private void write(Location location) throws Exception {
    store.create(location, Replaceable.NOTHING).close();
  }

  @Test
  void fileSystemsThatHadoopKnowsAreNotRefused() {
    assertThat(Schemes.refusal(new Location("hdfs://node/model"))).isEmpty();
    assertThat(Schemes.refusal(new Location("s3a://bucket/model"))).isEmpty();
  }
}
