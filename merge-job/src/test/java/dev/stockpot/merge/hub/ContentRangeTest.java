package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes are taken only from an answer that says that it has those. */
class ContentRangeTest {
  private static final StoredObject FILE =
      new StoredObject(new Location("hf://org/model@main/model.safetensors"), 1_000, "v1");
  private static final ByteRange ASKED = new ByteRange(100, 300);

  private static void check(ByteRange asked, int status, String... headers) throws IOException {
    ContentRange.require(Answered.of(status, headers), FILE, asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes 100-299/1000", "bytes 100-299/*"})
  void theRangeThatWasAskedForIsTaken(String range) {
    assertThatCode(() -> check(ASKED, 206, "Content-Range: " + range)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 100-300/1000",
        "bytes 99-299/1000",
        "bytes 0-199/1000",
        "bytes 100-298/*",
        "bytes 299-100/1000"
      })
  void anotherRangeIsAskedForAgain(String range) {
    assertThatThrownBy(() -> check(ASKED, 206, "Content-Range: " + range))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageContaining("where 100-300 were asked for");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes */1000",
        "bytes=100-299/1000",
        "items 100-299/1000",
        "bytes 100-299",
        "bytes -100-299/1000",
        "bytes 100-99999999999999999999/1000",
        ""
      })
  void whatSaysNoRangeIsAskedForAgain(String range) {
    assertThatThrownBy(() -> check(ASKED, 206, "Content-Range: " + range))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("hub.example does not say which bytes it sends ('%s')".formatted(range));
  }

  @Test
  void aMissingHeaderIsNoRangeEither() {
    assertThatThrownBy(() -> check(ASKED, 206)).hasMessageContaining("('')");
  }

  @Test
  void aFileOfAnotherSizeHasChanged() {
    assertThatThrownBy(() -> check(ASKED, 206, "Content-Range: bytes 100-299/1001"))
        .isInstanceOf(ObjectChangedException.class)
        .hasMessageContaining("1001 bytes now");
    assertThatThrownBy(() -> check(new ByteRange(0, 10), 200, "Content-Length: 999"))
        .isInstanceOf(ObjectChangedException.class)
        .hasMessageContaining("999 bytes now");
  }

  @Test
  void allBytesAreTakenWhereTheFirstAreAskedFor() {
    assertThatCode(() -> check(new ByteRange(0, 10), 200)).doesNotThrowAnyException();
    assertThatCode(() -> check(new ByteRange(0, 10), 200, "Content-Length: 1000"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(ASKED, 200, "Content-Length: 1000"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("sends the whole file where bytes 100-300 are asked for");
  }

  @Test
  void whatIsCompressedHasNoRanges() {
    String range = "Content-Range: bytes 100-299/1000";
    assertThatThrownBy(() -> check(ASKED, 206, range, "Content-Encoding: gzip"))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("compresses what it sends")
        .hasMessageContaining("A proxy may stand between");
    assertThatCode(() -> check(ASKED, 206, range, "Content-Encoding: identity"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 302, 404, 416, 500})
  void everythingElseIsAnErrorWithItsNumber(int status) {
    assertThatThrownBy(() -> check(ASKED, status))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("answered with status %s where bytes 100-300".formatted(status));
  }
}
