package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StaleAddressException;
import dev.stockpot.merge.storage.StoreRequests;
import dev.stockpot.merge.storage.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hub, and what stands between, can do to somebody who reads files from it. */
class HubReadTest {
  private static final String MODEL = "org/model";
  private static final byte[] WEIGHTS = new byte[1_000_000];

  static {
    new Random(7).nextBytes(WEIGHTS);
  }

  private final List<Duration> pauses = new ArrayList<>();
  @TempDir private Path folder;
  private FakeHub fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeHub().file(MODEL, "config.json", "{}").file(MODEL, "model.safetensors", WEIGHTS);
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private static boolean isOfFiles(FakeHub.Request request) {
    return !request.isOfHub();
  }

  private Hub hub(String token) {
    return hub(token, Wire.PATIENCE);
  }

  private Hub hub(String token, Duration patience) {
    HubAccess access =
        new HubAccess(fake.endpoint(), folder, Optional.empty(), HubToken.of("HF_TOKEN", token));
    return Hub.of(access, true, patience, pauses::add);
  }

  private static StoredObject weights(Hub hub) throws IOException {
    return hub.source().find(hub.find(MODEL).folder().child("model.safetensors")).orElseThrow();
  }

  private static byte[] read(ObjectSource source, StoredObject object, int begin, int end)
      throws IOException {
    byte[] bytes = new byte[end - begin];
    try (RangeReader reader = source.open(object)) {
      reader.read(begin, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  private static byte[] middle() {
    return Arrays.copyOfRange(WEIGHTS, 400_000, 700_000);
  }

  private void assertReads(Hub hub) throws IOException {
    assertThat(read(hub.source(), weights(hub), 400_000, 700_000)).isEqualTo(middle());
  }

  /** What travels to tasks, as it arrives where the driver is not. */
  private static ObjectSource elsewhere(ObjectSource source) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(source);
    }
    // the name of the driver's source, which no process has then
    byte[] sent = bytes.toByteArray();
    String text = new String(sent, StandardCharsets.ISO_8859_1);
    String name = HubSource.here().stream().filter(text::contains).findFirst().orElseThrow();
    byte[] arrived = text.replace(name, HubSource.newName()).getBytes(StandardCharsets.ISO_8859_1);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(arrived))) {
      return (ObjectSource) in.readObject();
    }
  }

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
  void theWholeFileForARangeIsAnError() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(
        1,
        HubReadTest::isOfFiles,
        exchange -> {
          exchange.sendResponseHeaders(200, WEIGHTS.length);
          exchange.getResponseBody().write(WEIGHTS);
        });

    assertThatThrownBy(() -> read(hub.source(), weights, 400_000, 700_000))
        .isInstanceOf(HubException.class)
        .hasMessage(
            "%s: 127.0.0.1 sends the whole file where bytes 400000-700000 are asked for. A proxy may stand between; take another HF_ENDPOINT, or download the model"
                .formatted(weights.location()));
  }

  @Test
  void theWholeFileIsTakenWhereItsBeginIsAskedFor() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(
        1,
        HubReadTest::isOfFiles,
        exchange -> {
          exchange.sendResponseHeaders(200, WEIGHTS.length);
          exchange.getResponseBody().write(WEIGHTS);
        });

    assertThat(read(hub.source(), weights, 0, 500)).isEqualTo(Arrays.copyOf(WEIGHTS, 500));
  }

  @Test
  void bytesOfAnotherRangeAreNotTaken() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(
        1,
        HubReadTest::isOfFiles,
        exchange -> {
          exchange.getResponseHeaders().add("Content-Range", "bytes 0-299999/" + WEIGHTS.length);
          exchange.sendResponseHeaders(206, 300_000);
          exchange.getResponseBody().write(WEIGHTS, 0, 300_000);
        });

    assertThat(read(hub.source(), weights, 400_000, 700_000)).isEqualTo(middle());
    assertThat(pauses).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void aFileOfAnotherSizeHasChanged() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(
        1,
        HubReadTest::isOfFiles,
        FakeHub.status(206, "Content-Range: bytes 400000-699999/999999"));

    assertThatThrownBy(() -> read(hub.source(), weights, 400_000, 700_000))
        .isInstanceOf(ObjectChangedException.class)
        .hasMessageContaining("999999 bytes now");
  }

  @Test
  void whatIsCompressedHasNoRanges() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(
        1,
        HubReadTest::isOfFiles,
        FakeHub.status(
            206, "Content-Range: bytes 400000-699999/1000000", "Content-Encoding: gzip"));

    assertThatThrownBy(() -> read(hub.source(), weights, 400_000, 700_000))
        .hasMessageContaining("127.0.0.1 compresses what it sends");
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
  void aModelThatIsAbsentOrPrivateSaysBoth() {
    fake.open(MODEL, FakeHub.Access.OWNER);

    assertThatThrownBy(() -> hub("").find(MODEL))
        .hasMessage(
            "org/model: %s has no model org/model, or a private one, which nobody sees without a token. Check the spelling; where it is private, log in: hf auth login, or HF_TOKEN"
                .formatted(fake.endpoint()));
    assertThatThrownBy(() -> hub(FakeHub.TOKEN).find("org/absent"))
        .hasMessage(
            "org/absent: %s has no model org/absent, or a private one, which the owner of the token may not see. Check the spelling"
                .formatted(fake.endpoint()));
  }

  @Test
  void aTokenThatIsNotKnownIsToldWithoutShowingIt() {
    assertThatThrownBy(() -> hub("hf_wrong").find(MODEL))
        .hasMessage(
            "org/model: %s does not know the token: it is mistyped, expired or revoked. Log in again: hf auth login, or HF_TOKEN"
                .formatted(fake.endpoint()));
  }

  @Test
  void aGatedModelSaysWhereItsTermsAre() throws IOException {
    fake.open(MODEL, FakeHub.Access.GATED);

    assertThatThrownBy(() -> hub("").find(MODEL))
        .hasMessage(
            "org/model: it is gated. Accept its terms at %s/org/model, and say who you are: hf auth login, or HF_TOKEN"
                .formatted(fake.endpoint()));
    Hub hub = hub(FakeHub.TOKEN);
    StoredObject weights = weights(hub); // its list is for everybody who has a token
    assertThatThrownBy(() -> hub.source().open(weights))
        .hasMessage(
            "%s: it is gated. Accept its terms at %s/org/model, with the account of the token that was sent"
                .formatted(weights.location(), fake.endpoint()));
  }

  @Test
  void otherRefusalsAreToldInWords() {
    Map<FakeHub.Handler, String> answers =
        Map.of(
            FakeHub.status(403),
            "refuses it to everybody who sends no token. A fine-grained token needs the right to read this repository, and gated ones",
            FakeHub.status(404, "X-Error-Message: Access to this resource is disabled."),
            "has closed org/model to everybody. Take another model",
            FakeHub.status(404),
            "does not know it (status 404). Check the name and HF_ENDPOINT",
            FakeHub.status(418),
            "answered with status 418, as no hub does. A proxy may stand between: check HF_ENDPOINT and the network");
    answers.forEach(
        (handler, words) -> {
          fake.next(1, request -> true, handler);
          assertThatThrownBy(() -> hub("").find(MODEL))
              .hasMessage("org/model: %s %s".formatted(fake.endpoint(), words));
        });
  }

  @Test
  void arevisionThatIsAbsentNamesThoseThereAre() {
    fake.ref(MODEL, "v1").ref(MODEL, "v2");

    assertThatThrownBy(() -> hub("").find(MODEL + "@v3"))
        .hasMessage("org/model@v3: there is no revision v3; there are main, v1, v2");
  }

  @Test
  void aPageOfAProxyIsNoAnswerOfAHub() {
    fake.next(
        1,
        request -> true,
        exchange -> {
          exchange.sendResponseHeaders(200, 13);
          exchange.getResponseBody().write("<html></html>".getBytes(StandardCharsets.UTF_8));
        });

    assertThatThrownBy(() -> hub("").find(MODEL))
        .hasMessage(
            "org/model: what %s answers is no hub's answer, it is no JSON. A proxy may stand between, or HF_ENDPOINT lead elsewhere"
                .formatted(fake.endpoint()));
  }

  @Test
  void anAnswerWithoutACommitIsNoneOfAHub() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(1, request -> request.method().equals("HEAD"), FakeHub.status(200));

    assertThatThrownBy(() -> hub.source().open(weights))
        .hasMessageContaining("is no hub's answer, it tells no commit");
  }

  @Test
  void aFileThatIsAnotherThanListedIsNotTaken() throws IOException {
    Hub hub = hub("");
    StoredObject weights = weights(hub);
    fake.next(
        1,
        request -> request.method().equals("HEAD"),
        FakeHub.status(
            302,
            "X-Repo-Commit: " + fake.commit(MODEL),
            "X-Linked-Etag: \"%s\"".formatted("0".repeat(64)),
            "Location: http://127.0.0.1:1/x"));

    assertThatThrownBy(() -> hub.source().open(weights))
        .hasMessageContaining("its list of files says otherwise than the file");
  }

  @Test
  void filesThatLeadOutOfTheRepositoryAreNotListed() throws IOException {
    fake.file(MODEL, "../outside.json", "{}").file(MODEL, "a//b.json", "{}");
    Hub hub = hub("");

    assertThat(hub.source().list(hub.find(MODEL).folder()))
        .extracting(file -> file.location().name())
        .containsExactly("config.json", "model.safetensors");
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

  @Test
  void anAddressDoesNotShowItself() {
    assertThat(new SignedLocation(URI.create("https://cdn.example/x?Signature=secret")))
        .hasToString("an address at cdn.example");
  }
}
