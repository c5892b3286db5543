package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StaleAddressException;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that break off, stall or ask for patience are asked for again, where that may help. */
class HubRetriesTest extends HubCases {
  @Test
  void anAddressThatRanOutIsAskedForAgain() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    try (RangeReader reader = hub.source().open(weights)) {
      fake.expire();
      byte[] bytes = new byte[300_000];
      reader.read(400_000, ByteBuffer.wrap(bytes));
      assertThat(bytes).isEqualTo(middle());
    }
    assertThat(fake.requests()).filteredOn(request -> request.method().equals("HEAD")).hasSize(2);
  }

  @Test
  void anAddressThatIsRefusedAlsoWhenItIsNewFailsInWords() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(9, HubReadTest::isOfFiles, FakeHub.status(403));

    assertThatThrownBy(() -> read(hub.source(), weights, 0, 10))
        .isInstanceOf(HubException.class)
        .hasMessage(
            "%s: 127.0.0.1 answered with status 403 where bytes 0-262144 were asked for. Merge again later, or download the model"
                .formatted(weights.location()));
  }

  @Test
  void anAnswerThatBreaksOffIsReadOnFromThere() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(
        1,
        HubReadTest::isOfFiles,
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Content-Range", "bytes 400000-699999/" + WEIGHTS.length);
          exchange.sendResponseHeaders(206, 300_000);
          exchange.getResponseBody().write(WEIGHTS, 400_000, 100_000);
          exchange.getResponseBody().flush();
        });

    assertThat(read(hub.source(), weights, 400_000, 700_000)).isEqualTo(middle());
    List<String> ranges =
        fake.requests().stream()
            .filter(HubReadTest::isOfFiles)
            .map(request -> request.range().orElseThrow())
            .toList();
    assertThat(ranges).hasSize(2);
    // what came before the break may be lost with it, where it was not taken yet
    int begin = Integer.parseInt(ranges.get(1).replaceAll("bytes=(\\d+)-.*", "$1"));
    assertThat(begin).isBetween(400_000, 500_000);
  }

  @Test
  void anAnswerThatGoesSilentIsAskedForAgain() throws IOException {
    Hub hub = hub("", Duration.ofMillis(300));
    StoredObject weights = weights(hub);
    fake.next(
        1,
        HubReadTest::isOfFiles,
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Content-Range", "bytes 400000-699999/" + WEIGHTS.length);
          exchange.sendResponseHeaders(206, 300_000);
          exchange.getResponseBody().write(WEIGHTS, 400_000, 10);
          exchange.getResponseBody().flush();
          fake.untilClosed();
        });

    assertThat(read(hub.source(), weights, 400_000, 700_000)).isEqualTo(middle());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RateLimit: \"api\";r=0;t=55 | 56",
        "RateLimit: \"resolvers\";r=0;t=1 | 2",
        "Retry-After: 7 | 7",
        "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT | 1",
        "X: y | 1",
      })
  void waitsAsLongAsItIsAskedTo(String header, int seconds) throws IOException {
    fake.next(1, request -> request.path().contains("/revision/"), FakeHub.status(429, header));

    assertReads(hub(""));
    assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
  }

  @Test
  void whoStopsAMergeDoesNotWaitForTheHub() {
    Wire wire =
        new Wire(
            fake.endpoint(), Optional.empty(), new RequestCounts(), Wire.PATIENCE, Wire.Pause.REAL);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> wire.rest(Duration.ofHours(1)))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).as("told to those who wait further up").isTrue();
  }

  @Test
  void doesNotWaitForHours() {
    fake.next(
        1,
        request -> request.path().contains("/revision/"),
        FakeHub.status(429, "Retry-After: 9999"));

    assertThatThrownBy(() -> hub("").find(MODEL))
        .hasMessage(
            "org/model: %s was asked too often from here. Wait some minutes; with a token it allows more: hf auth login, or HF_TOKEN"
                .formatted(fake.endpoint()));
    assertThat(pauses).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void asksAgainWhereThatMayHelp(int status) throws IOException {
    fake.next(2, request -> request.path().contains("/tree/"), FakeHub.status(status));
    fake.next(2, HubReadTest::isOfFiles, FakeHub.status(status));
    Hub hub = hub("");

    assertReads(hub);

    assertThat(pauses)
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2));
    assertThat(hub.source().takeRequests()).isEqualTo(new StoreRequests(3, 0, 8, 4));
  }

  @Test
  void givesUpInWordsAfterSomeTries() {
    fake.next(99, request -> request.path().contains("/tree/"), FakeHub.status(503));

    assertThatThrownBy(() -> hub("").find(MODEL))
        .hasMessageContaining(
            "%s is in trouble (status 503, also when asked again). Try later"
                .formatted(fake.endpoint()));
    assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L);
  }

  @Test
  void aHubThatNobodyAnswersForIsToldAtOnceWithWhatToDo() throws IOException {
    URI endpoint = fake.endpoint();
    fake.close();

    assertThatThrownBy(() -> hub("").find(MODEL))
        .hasMessageMatching(
            "org/model: %s does not answer \\(.+\\)\\. Check the network and HF_ENDPOINT; --set hub=cache takes what was downloaded before, and asks nobody"
                .formatted(endpoint));
  }

  @Test
  void aTaskWhoseAddressRanOutAsksForANewOne() throws Exception {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    hub.source().open(weights).close();
    ObjectSource old = elsewhere(hub.source());
    fake.expire();

    assertThatThrownBy(() -> read(old, weights, 0, 10))
        .isInstanceOf(StaleAddressException.class)
        .hasMessage(
            "%s: its address is refused, also a new one. Fetch the model to a folder or a store first: stockpot fetch"
                .formatted(weights.location()));

    hub.source().refresh(Duration.ZERO);
    assertThat(read(elsewhere(hub.source()), weights, 400_000, 700_000)).isEqualTo(middle());
  }

  @Test
  void addressesThatAreYoungAreNotAskedForAgain() throws Exception {
    Hub hub = hub("");
    hub.source().open(weights(hub)).close();
    int asked = fake.requests().size();

    hub.source().refresh(Duration.ofMinutes(10));

    assertThat(fake.requests()).hasSize(asked);
  }
}
