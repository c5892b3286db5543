package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.StoredObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a hub, and what stands between, can do to somebody who reads files from it. */
class HubReadTest extends HubCases {
  @Test
  void readsByRangesFromTheAddressThatTheHubSigns() throws IOException {
    Hub hub = hub("");

    assertReads(hub);

    assertThat(fake.requests())
        .filteredOn(HubReadTest::isOfFiles)
        .extracting(FakeHub.Request::range)
        .containsExactly(Optional.of("bytes=400000-699999"));
    assertThat(hub.source().readsSideBySide(weights(hub).location())).isTrue();
  }

  @Test
  void oneRequestServesAllThatWasAnnounced() throws IOException {
    Hub hub = hub("");
    try (RangeReader reader = hub.source().open(weights(hub))) {
      reader.announce(List.of(new ByteRange(1000, 500_000), new ByteRange(500_100, 900_000)));
      for (int at = 1000; at < 900_000; at += 100_000) {
        int end = Math.min(900_000, at + 100_000);
        ByteBuffer into = ByteBuffer.allocateDirect(end - at);
        reader.read(at, into);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(WEIGHTS, at, end - at));
      }
    }
    assertThat(fake.requests())
        .filteredOn(HubReadTest::isOfFiles)
        .extracting(FakeHub.Request::range)
        .containsExactly(Optional.of("bytes=1000-899999"));
  }

  @Test
  void smallReadsReadALittleAhead() throws IOException {
    Hub hub = hub("");
    try (RangeReader reader = hub.source().open(weights(hub))) {
      reader.read(0, ByteBuffer.allocate(8));
      reader.read(8, ByteBuffer.allocate(100_000));
      reader.read(200_000, ByteBuffer.allocate(10));
    }
    assertThat(fake.requests()).filteredOn(HubReadTest::isOfFiles).hasSize(1);
  }

  @Test
  void readsBackwardsAndAnywhere() throws IOException {
    Hub hub = hub("");
    try (RangeReader reader = hub.source().open(weights(hub))) {
      for (int at : new int[] {900_000, 0, 500_000, 499_990, 999_990}) {
        byte[] bytes = new byte[10];
        reader.read(at, ByteBuffer.wrap(bytes));
        assertThat(bytes).isEqualTo(Arrays.copyOfRange(WEIGHTS, at, at + 10));
      }
    }
  }

  @Test
  void theTokenGoesToTheHubAndToNobodyElse() throws IOException {
    fake.open(MODEL, FakeHub.Access.OWNER);

    assertReads(hub(FakeHub.TOKEN));

    assertThat(fake.requests())
        .allMatch(
            request ->
                request
                    .authorization()
                    .equals(
                        request.isOfHub()
                            ? Optional.of("Bearer " + FakeHub.TOKEN)
                            : Optional.empty()));
  }

  @Test
  void aNextPageOfAnotherHostGetsNoToken() {
    fake.next(
        1,
        request -> request.path().contains("/tree/"),
        exchange -> {
          exchange.getResponseHeaders().add("Link", "<http://127.0.0.1:1/x>; rel=\"next\"");
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("[]".getBytes(StandardCharsets.UTF_8));
        });

    assertThatThrownBy(() -> hub(FakeHub.TOKEN).find(MODEL))
        .hasMessageContaining("is no hub's answer, it leads to another host");
  }

  @Test
  void aModelThatHasAnotherNameNowIsFoundByTheFormer() throws IOException {
    fake.rename(MODEL, "new/name");

    Hub hub = hub("");
    assertReads(hub);
    assertThat(fake.requests()).anyMatch(request -> request.path().startsWith("/new/name/"));
  }

  @Test
  void whatTheHubWarnsOfIsToldOnceAndNothingOfItsFileServers() throws IOException {
    fake.warn(/* ofHub= */ true, "limits; Log in");
    fake.warn(/* ofHub= */ false, "limits; Buy");
    Hub hub = hub("");
    assertThat(hub.find(MODEL).notices()).containsExactly(fake.endpoint() + " says: Log in");
    assertReads(hub);
    assertThat(hub.find(MODEL).notices()).isEmpty();
  }

  @Test
  void listsMoreThanOnePageOfFiles() throws IOException {
    for (int i = 0; i < 10; i++) {
      fake.file(MODEL, "below/part-%s.json".formatted(i), "{}");
    }
    Hub hub = hub("");
    Location model = hub.find(MODEL).folder();

    assertThat(hub.source().list(model.child("below"))).hasSize(10);
    assertThat(hub.source().list(model)).hasSize(2);
    assertThat(hub.source().folders(model)).containsExactly(model.child("below"));
  }

  @Test
  void aModelIsPinnedToTheCommitThatItHasWhenItIsLookedUp() throws IOException {
    Hub hub = hub("");
    StoredObject listed = weights(hub);
    fake.ref(MODEL, "v1");
    String commit = fake.commit(MODEL);
    fake.file(MODEL, "later.json", "{}");

    assertThat(listed.location().path()).contains("@" + commit + "/");
    assertThat(hub("").find(MODEL).folder().path()).doesNotContain(commit);
    assertThat(hub("").find(MODEL + "@v1").folder().path()).endsWith("@" + commit);
  }

  @Test
  void tasksReadWithoutAToken() throws Exception {
    fake.open(MODEL, FakeHub.Access.OWNER);
    Hub hub = hub(FakeHub.TOKEN);
    StoredObject weights = weights(hub);
    hub.source().open(weights).close();
    ObjectSource task = elsewhere(hub.source());
    int before = fake.requests().size();

    assertThat(read(task, weights, 400_000, 700_000)).isEqualTo(middle());

    List<FakeHub.Request> asked = fake.requests().subList(before, fake.requests().size());
    assertThat(asked).hasSize(1).noneMatch(FakeHub.Request::isOfHub);
    assertThat(task.takeRequests()).isEqualTo(new StoreRequests(1, 0, 1, 0));
    assertThat(task.takeRequests()).isEqualTo(StoreRequests.NONE);
  }

  @Test
  void whatTravelsToTasksHoldsNoToken() throws Exception {
    Hub hub = hub(FakeHub.TOKEN);
    hub.source().open(weights(hub)).close();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(hub.source());
    }
    assertThat(bytes.toString(StandardCharsets.ISO_8859_1))
        .contains("Signature=")
        .doesNotContain(FakeHub.TOKEN)
        .doesNotContain("Bearer");
  }

  @Test
  void anAddressDoesNotShowItself() {
    assertThat(new SignedLocation(URI.create("https://cdn.example/x?Signature=secret")))
        .hasToString("an address at cdn.example");
  }
}
