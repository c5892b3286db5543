package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a hub refuses, or answers otherwise than it should, in words. */
class HubRefusalsTest extends HubCases {
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
            "refuses it to everybody who sends no token. A fine-grained token needs the right to"
                + " read this repository, and gated ones",
            FakeHub.status(404, "X-Error-Message: Access to this resource is disabled."),
            "has closed org/model to everybody. Take another model",
            FakeHub.status(404),
            "does not know it (status 404). Check the name and HF_ENDPOINT",
            FakeHub.status(418),
            "answered with status 418, as no hub does. A proxy may stand between: check HF_ENDPOINT"
                + " and the network");
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
}
