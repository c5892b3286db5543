package dev.stockpot.merge.commit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.safetensors.ShardBytes;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A round goes on only from model and state that one round left together. */
class EarlierRoundTest {
  private static final Location FOLDER = new Location("/rounds/7");
  private static final String STATE = "state/state.json";
  private static final String MOMENTUM = "state/momentum/model.safetensors";

  /** The small one is what is looked at: of a state, no more than a ten-thousandth. */
  private static final OutputTensor SMALL = new OutputTensor("b", DType.F32, Shape.of(2));

  private static final OutputTensor LARGE = new OutputTensor("w", DType.F32, Shape.of(40_000));
  private static final String CRC_OF_8_ZEROS = "8c28b28a";

  private final MemoryStore store = new MemoryStore();

  /** What a round leaves that is its seventh, with a checksum of each kind of state. */
  private static String state() {
    return """
    {"format": 1, "round": 7, "strategy": "fedadam", "model": "0000002a",
     "states": [{"name": "momentum", "checksum": "000000ff"},
                {"name": "variance", "checksum": "80000000"}],
     "carried": {"server_lr": 0.5, "note": "no number", "beta": 0}}
    """;
  }

  private void publish(String text, JsonObject manifest) {
    store.write(FOLDER.descendant(STATE), text.getBytes(UTF_8));
    String written = JsonWriter.text(JsonStyle.COMPACT, manifest);
    store.write(FOLDER.child("stockpot-manifest.json"), written.getBytes(UTF_8));
  }

  private static JsonObject manifest(String text) {
    JsonObject listed = ListedFile.of(ByteBuffer.wrap(text.getBytes(UTF_8))).json(STATE);
    return JsonObject.EMPTY.with("format", 1).with("files", List.of(listed));
  }

  /** The same, with a kind of state whose tensors have those checksums. */
  private static JsonObject withState(JsonObject manifest, Map<String, String> checksums) {
    List<JsonObject> tensors =
        checksums.entrySet().stream()
            .map(
                tensor ->
                    JsonObject.EMPTY
                        .with("name", tensor.getKey())
                        .with("crc32c", tensor.getValue()))
            .toList();
    JsonObject shard = JsonObject.EMPTY.with("file", MOMENTUM).with("tensors", tensors);
    JsonObject side = JsonObject.EMPTY.with("name", "momentum").with("shards", List.of(shard));
    return manifest.with("sides", List.of(side));
  }

  private EarlierRound open() throws IOException {
    return EarlierRound.in(store, FOLDER).orElseThrow();
  }

  @Test
  void saysWhichRoundItWasAndWhatItLeft() throws IOException {
    publish(state(), manifest(state()));
    EarlierRound round = open();
    assertThat(round.folder()).isEqualTo(FOLDER);
    assertThat(round.number()).isEqualTo(7);
    assertThat(round.strategy()).isEqualTo("fedadam");
    assertThat(round.model()).isEqualTo("0000002a");
    assertThat(round.kinds()).containsExactly("momentum", "variance");
    assertThat(round.carried()).isEqualTo(Map.of("server_lr", 0.5, "beta", 0.0));
  }

  @Test
  void aModelThatNoRoundMadeHasNone() throws IOException {
    store.write(FOLDER.child("model.safetensors"), ShardBytes.shardOf("w"));
    assertThat(EarlierRound.in(store, FOLDER)).isEmpty();
  }

  @Test
  void aStateOfAnotherRoundIsRefused() {
    publish(state(), manifest(state().replace("7", "6")));
    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(
            "/rounds/7/state/state.json does not belong to the model beside it: the manifest there"
                + " lists another (SHA-256 ")
        .hasMessageEndingWith("). Take model and state of one round")
        .hasMessageNotContaining("none");
  }

  @Test
  void aStateThatNoManifestListsIsRefused() {
    publish(state(), JsonObject.EMPTY.with("format", 1));
    assertThatThrownBy(this::open).hasMessageContaining("lists another (SHA-256 none)");
    store.delete(FOLDER.child("stockpot-manifest.json"));
    assertThatThrownBy(this::open).hasMessageContaining("lists another (SHA-256 none)");
  }

  @Test
  void aStateThatIsNoJsonIsRefused() {
    publish("{", manifest("{"));
    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessage("/rounds/7/state/state.json is no JSON. Take that of the round");
  }

  @Test
  void aStateThatSaysNothingIsOfNoRound() throws IOException {
    publish("[]", manifest("[]"));
    EarlierRound round = open();
    assertThat(round.number()).isZero();
    assertThat(round.kinds()).isEmpty();
    assertThat(round.carried()).isEmpty();
  }

  private static Judgement found(int base, Integer... states) {
    return new Judgement(base, List.of(states), List.of(), Map.of());
  }

  @Test
  void itsModelAndItsStatesAreThoseThatItListed() throws IOException {
    publish(state(), manifest(state()));
    EarlierRound round = open();
    round.require(found(42, 255, Integer.MIN_VALUE));
    round.require(found(42, 255)); // whoever asks for one kind of state has that one
    assertThatThrownBy(() -> round.require(found(43, 255, 1)))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "/rounds/7 is not what round 7 left: its tensors have the checksum 0000002b, variance"
                + " has the checksum 00000001, which state/state.json does not list. Take model and"
                + " state of one round");
    assertThatThrownBy(() -> round.require(found(42, -1)))
        .hasMessageContaining("left: momentum has the checksum ffffffff, which");
  }

  @Test
  void theSmallestTensorsOfItsStateAreLookedAt() throws IOException {
    store.write(FOLDER.descendant(MOMENTUM), ShardBytes.shard(SMALL, LARGE));
    publish(
        state(), withState(manifest(state()), Map.of("b", CRC_OF_8_ZEROS, "w", "not looked at")));
    long before = store.bytesRead();
    assertThat(open().number()).isEqualTo(7);
    assertThat(store.bytesRead() - before).as("headers, and no more").isLessThan(LARGE.byteCount());
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000", ""})
  void aTensorOfAnotherStateIsNamed(String listed) {
    store.write(FOLDER.descendant(MOMENTUM), ShardBytes.shard(SMALL, LARGE));
    Map<String, String> checksums = listed.isEmpty() ? Map.of() : Map.of("b", listed);
    publish(state(), withState(manifest(state()), checksums));
    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessage(
            "/rounds/7/state/momentum does not belong to the model beside it: b in it has the"
                + " checksum 8c28b28a, and the manifest lists %s. Take model and state of one round"
                    .formatted(listed.isEmpty() ? "none" : listed));
  }

  /** A ten-thousandth of this state is 16 bytes. */
  @ParameterizedTest
  @CsvSource({"2, true", "3, false"})
  void asManyAreLookedAtAsFit(int elements, boolean fits) throws IOException {
    OutputTensor next = new OutputTensor("c", DType.F32, Shape.of(elements));
    store.write(FOLDER.descendant(MOMENTUM), ShardBytes.shard(LARGE, next, SMALL));
    publish(state(), withState(manifest(state()), Map.of("b", CRC_OF_8_ZEROS, "c", "of another")));
    if (fits) {
      assertThatThrownBy(this::open).hasMessageContaining("c in it has the checksum 8c28b28a");
    } else {
      assertThat(open().number()).isEqualTo(7);
    }
  }

  /** Nothing is compared of a state so small that all of it is read in a moment anyway. */
  @Test
  void noTensorIsSmallEnoughForASmallState() throws IOException {
    store.write(FOLDER.descendant(MOMENTUM), ShardBytes.shard(SMALL));
    publish(state(), withState(manifest(state()), Map.of("b", "00000000")));
    assertThat(open().number()).isEqualTo(7);
  }

  @Test
  void checkpointsBesideAModelThatAreNoStateAreLeftAlone() throws IOException {
    JsonObject shard = JsonObject.EMPTY.with("file", "extra/model.safetensors");
    JsonObject side = JsonObject.EMPTY.with("name", "extra").with("shards", List.of(shard));
    publish(state(), manifest(state()).with("sides", List.of(side)));
    assertThat(open().kinds()).hasSize(2); // there is no such folder, and nobody looks for it
  }
}
