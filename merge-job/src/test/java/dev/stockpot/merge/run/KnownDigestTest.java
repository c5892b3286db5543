package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store's version says of bytes. */
class KnownDigestTest {
  private static final byte[] HELLO = "hello\n".getBytes(UTF_8);

  private static Optional<KnownDigest> of(String version) {
    return KnownDigest.of(new StoredObject(new Location("/x"), HELLO.length, version));
  }

  /** {@code git hash-object} and {@code sha256sum} of the same file. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "git:ce013625030ba8dba906f756967f9e9ca394464a",
        "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
      })
  void itIsThatOfTheBytesAndOfNoOthers(String version) {
    KnownDigest digest = of(version).orElseThrow();
    assertThat(digest.isOf(HELLO)).isTrue();
    assertThat(digest.isOf("hello".getBytes(UTF_8))).isFalse();
    assertThat(digest.isOf(new byte[0])).isFalse();
  }

  @Test
  void anEmptyFileHasOneToo() {
    assertThat(of("git:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391").orElseThrow().isOf(new byte[0]))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "change:7", "\"9b2cf535f27731c974343645a3985328\"", "md5:00", "git"})
  void otherVersionsSayNothingOfBytes(String version) {
    assertThat(of(version)).isEmpty();
  }
}
