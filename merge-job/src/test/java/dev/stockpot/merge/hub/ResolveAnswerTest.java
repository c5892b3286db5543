package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub's word on where a file is counts if it is of the file that was listed. */
class ResolveAnswerTest {
  private static final URI ENDPOINT = URI.create("https://hub.example");
  private static final String COMMIT = "a".repeat(40);
  private static final String OTHER = "b".repeat(40);
  private static final String SHA256 = "c".repeat(64);
  private static final HubPlace FILE = new HubPlace("org/model", COMMIT, "model.safetensors");
  private static final HubFile KNOWN = new HubFile(1_000, SHA256);
  private static final Refusal REFUSAL = new Refusal("org/model", "org/model", ENDPOINT, false);

  private static final String AT = "X-Repo-Commit: " + COMMIT;

  private static ResolveAnswer of(HubFile known, int status, String... headers) {
    try {
      return ResolveAnswer.of(Answered.of(status, headers), FILE, known, REFUSAL);
    } catch (HubException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static String address(URI endpoint, int status, String... headers) {
    try {
      return of(KNOWN, status, headers).address(endpoint).uri().toString();
    } catch (HubException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  @Test
  void anAddressElsewhereIsTakenAsItIs() {
    String signed = "https://files.example/x?Signature=s&Expires=1";
    assertThat(address(ENDPOINT, 302, AT, "Location: " + signed)).isEqualTo(signed);
    assertThat(address(ENDPOINT, 307, AT, "Location: /api/cache/x"))
        .isEqualTo("https://hub.example/api/cache/x");
    assertThat(address(ENDPOINT, 200, AT)).isEqualTo("https://hub.example/org/model/resolve/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://files.example/x",
        "ftp://files.example/x",
        "file:///etc/passwd",
        "data:,x"
      })
  void nobodyIsSentToWhatIsNotEncrypted(String target) {
    assertThatThrownBy(() -> address(ENDPOINT, 302, AT, "Location: " + target))
        .hasMessageContaining("it redirects to an address that is not encrypted");
  }

  @Test
  void aHubOfOnesOwnWithoutEncryptionMaySendToItsKind() {
    URI own = URI.create("http://hub.local:8080");
    assertThat(address(own, 302, AT, "Location: http://files.local/x"))
        .isEqualTo("http://files.local/x");
    assertThatThrownBy(() -> address(own, 302, AT, "Location: file:///etc/passwd"))
        .hasMessageContaining("not encrypted");
  }

  @Test
  void aRedirectNeedsAPlace() {
    assertThatThrownBy(() -> address(ENDPOINT, 302, AT))
        .hasMessageContaining("it redirects to nowhere");
  }

  @Test
  void theCommitMustBeTheOneThatWasAskedFor() {
    assertThatThrownBy(() -> of(KNOWN, 302, "X-Repo-Commit: " + OTHER))
        .hasMessageContaining("it gives commit " + OTHER);
    assertThatThrownBy(() -> of(KNOWN, 302)).hasMessageContaining("it tells no commit");
  }

  @ParameterizedTest
  @CsvSource({
    "X-Linked-Etag: \"%s\"",
    "ETag: W/\"%s\"",
    "ETag: %s",
  })
  void theDigestMustBeTheOneThatWasListed(String header) {
    assertThat(of(KNOWN, 302, AT, header.formatted(SHA256)).answer().status()).isEqualTo(302);
    assertThatThrownBy(() -> of(KNOWN, 302, AT, header.formatted("d".repeat(64))))
        .hasMessageContaining("its list of files says otherwise than the file");
  }

  @Test
  void aDigestOfAnotherKindSaysNothing() {
    assertThat(of(KNOWN, 302, AT, "ETag: \"%s\"".formatted("d".repeat(40))).answer().status())
        .isEqualTo(302);
    assertThat(of(new HubFile(1_000, ""), 302, AT, "ETag: \"x\"").answer().status()).isEqualTo(302);
  }

  @Test
  void theSizeMustBeTheOneThatWasListed() {
    assertThat(of(KNOWN, 302, AT, "X-Linked-Size: 1000").answer().status()).isEqualTo(302);
    assertThatThrownBy(() -> of(KNOWN, 302, AT, "X-Linked-Size: 1001"))
        .hasMessageContaining("its list of files says otherwise than the file");
  }

  @Test
  void aFileOfWhichTheHubGivesNoRangesIsSaidSo() {
    HubFile huge = new HubFile(50_000_000_001L, SHA256);
    assertThatThrownBy(() -> of(huge, 302, AT, "X-Xet-Hash: e"))
        .hasMessageContaining("of files above 50 GB the hub gives no ranges")
        .hasMessageContaining("hf download org/model");
    assertThat(of(huge, 302, AT).answer().status()).isEqualTo(302);
    assertThat(of(KNOWN, 302, AT, "X-Xet-Hash: e").answer().status()).isEqualTo(302);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | X-Error-Code: GatedRepo | it is gated. Accept its terms at https://hub.example/org/model",
        "404 | X-Error-Code: EntryNotFound | org/model has no such file",
        "401 | X-Other: 1 | has no model org/model, or a private one, which nobody sees without a token",
        "429 | X-Other: 1 | was asked too often from here",
        "503 | X-Other: 1 | is in trouble (status 503, also when asked again)",
        "418 | X-Other: 1 | answered with status 418, as no hub does"
      })
  void refusalsSayWhyAndWhatToDo(int status, String header, String words) {
    assertThatThrownBy(() -> of(KNOWN, status, header)).hasMessageContaining(words);
  }
}
