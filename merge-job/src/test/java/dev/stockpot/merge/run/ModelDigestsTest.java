package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.MemoryStore.Request;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Digests of weights, as {@code sha256sum} prints them, and when they are not worth a reading. */
class ModelDigestsTest {
  private static final String HELLO =
      "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
  private static final String KNOWN = "sha256:" + "ab".repeat(32);
  private static final long FOUR_GIB = 4L << 30;

  private final MemoryStore store = new MemoryStore();
  private final ModelDigests digests = new ModelDigests(store);

  private StoredObject file(String path, String text) {
    Location place = new Location("s3://b/" + path);
    store.write(place, text.getBytes(UTF_8));
    return store.find(place).orElseThrow();
  }

  private static StoredObject unread(String name, long size, String version) {
    return new StoredObject(new Location("s3://b/" + name), size, version);
  }

  private static Model model(StoredObject... shards) {
    return new Model(
        new Location("s3://b"),
        Map.of(),
        ModelConfig.of(JsonObject.EMPTY),
        "",
        List.of(shards),
        Map.of(),
        Surroundings.UNKNOWN);
  }

  @Test
  void oneFileHasThatOfItsBytes() throws IOException {
    assertThat(digests.of(model(file("a", "hello\n")))).hasValue(HELLO);
  }

  @Test
  void severalHaveThatOfTheirLinesInTheOrderOfTheirNames() throws IOException {
    // printf '5891…  1.safetensors\nabab…  2.safetensors\n' | sha256sum
    StoredObject one = file("x/1.safetensors", "hello\n");
    StoredObject two = unread("a/2.safetensors", 7, KNOWN);
    String digest = "4d1d93d8a801917b30db15859725e52fc974a55ce87bfd273251df2b9f304695";
    assertThat(digests.of(model(two, one))).hasValue(digest);
    assertThat(digests.of(model(one, two))).hasValue(digest);
  }

  @Test
  void whatAStoreKnowsIsNotReadHoweverLarge() throws IOException {
    assertThat(digests.of(model(unread("a", 1L << 40, KNOWN)))).hasValue("ab".repeat(32));
    assertThat(store.count(Request.OPEN)).isZero();
  }

  @Test
  void aFileIsReadOnceUntilItChanges() throws IOException {
    Model model = model(file("a", "hello\n"));
    assertThat(digests.of(model)).isEqualTo(digests.of(model));
    assertThat(store.count(Request.OPEN)).isEqualTo(1);
    assertThat(digests.of(model(file("a", "hallo\n")))).isNotEqualTo(digests.of(model));
    assertThat(store.count(Request.OPEN)).isEqualTo(2);
  }

  @Test
  void moreThanFourGibibytesAreNotRead() throws IOException {
    StoredObject small = file("a", "hello\n");
    assertThat(digests.of(model(small, unread("b", FOUR_GIB - 5, "v1")))).isEmpty();
    assertThat(digests.of(model(unread("b", FOUR_GIB + 1, "git:00")))).isEmpty();
    assertThat(store.count(Request.OPEN)).isZero();
    assertThatThrownBy(() -> digests.of(model(unread("c", FOUR_GIB, "v1"))))
        .as("which is tried, and is not there")
        .isInstanceOf(NoSuchFileException.class);
    assertThat(digests.of(model(small, unread("b", FOUR_GIB, KNOWN))))
        .as("of which the store knows all but a few bytes")
        .isPresent();
  }
}
