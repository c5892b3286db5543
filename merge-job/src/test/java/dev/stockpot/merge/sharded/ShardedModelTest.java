package dev.stockpot.merge.sharded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.ElementPlace;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.safetensors.ShardBytes;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of distributed training in memory: which are such, what they are, what they lack. */
class ShardedModelTest {
  private static final Location FOLDER = new Location("s3://runs/step-100");

  private final MemoryStore store = new MemoryStore();

  private static String shard(int rank) {
    return "shard-%05d-model-00001-of-00001.safetensors".formatted(rank);
  }

  /** A file of w's rows, two of them, where {@code places} says. */
  private void write(int rank, String places) {
    String metadata = places.isEmpty() ? "{}" : "{\"DCP_SHARDING_INFO\": %s}".formatted(places);
    write(
        shard(rank),
        """
        {"__metadata__": %s, "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
        """
            .formatted(metadata));
  }

  private void write(String name, String header) {
    store.write(FOLDER.child(name), ShardBytes.shard(header, 24));
  }

  /** A file of w's rows from a row on. */
  private void rows(int rank, int row) {
    write(rank, "\"{\\\"w\\\": {\\\"saved_offsets\\\": [%s, 0]}}\"".formatted(row));
  }

  private Model open() throws IOException {
    return ShardedModel.open(store, FOLDER);
  }

  private void refused(String... problems) {
    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessage("s3://runs/step-100: " + String.join("\n", problems));
  }

  private static List<StoredObject> files(String... names) {
    return Arrays.stream(names).map(name -> new StoredObject(FOLDER.child(name), 1, "")).toList();
  }

  @Test
  void filesOfProcessesAreSuchUnlessAConsolidatedOneLiesBesideThem() {
    assertThat(ShardedModel.isOne(files(shard(0), shard(1), "config.json", ".metadata"))).isTrue();
    assertThat(ShardedModel.isOne(files(shard(0), "model.safetensors"))).isFalse();
    assertThat(ShardedModel.isOne(files("config.json"))).isFalse();
    assertThat(ShardedModel.isOne(List.of())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shard-0-model-00001-of-00001.safetensors",
        "shard-00000-model-00001-of-00001.safetensors.tmp",
        "old-shard-00000-model-00001-of-00001.safetensors",
        "shard-00000-model-00001-of-00001.bin"
      })
  void aNameThatIsNearlyThatIsNone(String name) {
    assertThat(ShardedModel.isOne(files(name))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void processesCountFromNothingOrFromOne(int first) throws IOException {
    rows(first, 0);
    rows(first + 1, 2);
    rows(first + 2, 4);

    Model model = open();

    assertThat(model.tensors()).containsOnlyKeys("w");
    assertThat(model.tensors().get("w").shape()).isEqualTo(Shape.of(6, 3));
    assertThat(model.tensors().get("w").place(7))
        .isEqualTo(new ElementPlace(FOLDER.child(shard(first + 1)).path(), "w", 1));
    assertThat(model.shards())
        .extracting(file -> file.location().name())
        .containsExactly(shard(first), shard(first + 1), shard(first + 2));
    assertThat(model.folder()).isEqualTo(FOLDER);
  }

  @Test
  void ranksAreReadAsNumbersOfFiveDigits() throws IOException {
    for (int rank = 1; rank <= 11; rank++) {
      rows(rank, 2 * (rank - 1));
    }

    assertThat(open().tensors().get("w").shape()).isEqualTo(Shape.of(22, 3));
  }

  @Test
  void aTensorOfNoAxesBeginsNowhere() throws IOException {
    write(
        shard(0),
        """
        {"__metadata__": {"DCP_SHARDING_INFO": "{\\"s\\": {\\"saved_offsets\\": []}}"},
         "s": {"dtype": "F64", "shape": [], "data_offsets": [0, 8]}}
        """);
    store.write(
        FOLDER.child(shard(0)),
        Arrays.copyOf(
            store.bytes(FOLDER.child(shard(0))), store.bytes(FOLDER.child(shard(0))).length - 16));

    assertThat(open().tensors().get("s").shape()).isEqualTo(Shape.of());
  }

  @Test
  void theConfigurationGoesAlongLetterByLetterAndSoDoCompanions() throws IOException {
    rows(0, 0);
    String config = "{\"model_type\":  \"llama\", \"num_hidden_layers\": 2}\n";
    store.write(FOLDER.child("config.json"), config.getBytes(UTF_8));
    store.write(FOLDER.child("tokenizer.json"), new byte[] {1});
    store.write(FOLDER.child("optimizer.pt"), new byte[] {1});

    Model model = open();

    assertThat(model.configText()).isEqualTo(config);
    assertThat(model.config().values())
        .containsOnly(entry("model_type", "llama"), entry("num_hidden_layers", "2"));
    assertThat(model.companions()).containsOnlyKeys("tokenizer.json");
  }

  @Test
  void aFolderWithoutAConfigurationHasNone() throws IOException {
    rows(0, 0);

    assertThat(open().configText()).isEmpty();
    assertThat(open().companions()).isEmpty();
  }

  @Test
  void aConfigurationThatIsNoJsonIsNamed() {
    rows(0, 0);
    store.write(FOLDER.child("config.json"), "{model_type: llama}".getBytes(UTF_8));

    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("s3://runs/step-100/config.json is no JSON: ");
  }

  /** Mamba 2 has a limit without an end, as Python's json writes it. */
  @Test
  void numbersOfAConfigurationMayBeInfinite() throws IOException {
    rows(0, 0);
    store.write(FOLDER.child("config.json"), "{\"limit\": [0.0, Infinity]}".getBytes(UTF_8));

    assertThat(open().config().values()).containsOnlyKeys("limit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "\"llama\""})
  void aConfigurationThatIsNoObjectIsNamed(String text) {
    rows(0, 0);
    store.write(FOLDER.child("config.json"), text.getBytes(UTF_8));

    assertThatThrownBy(this::open)
        .isInstanceOf(UserException.class)
        .hasMessage("s3://runs/step-100/config.json is not a JSON object. Fetch it again");
  }

  @Test
  void everyProcessThatIsMissingIsNamed() {
    rows(0, 0);
    rows(3, 6);
    refused(
        "shard-00001 of the processes up to 00003 is not there. Fetch it",
        "shard-00002 of the processes up to 00003 is not there. Fetch it",
        "a block of w is missing: along axis 0 nothing holds 0 to 6 but 0 to 2 in "
            + shard(0)
            + ". Fetch the files of all processes");
  }

  @Test
  void aFirstProcessThatIsMissingIsToldThoughRowsWouldFit() {
    rows(2, 0);
    rows(3, 2);

    refused("shard-00002 is the first that is there. Fetch those before");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "\"[]\"", "\"7\"", "\"{\"", "\"w at 0\""})
  void aFileThatDoesNotSayWhereItsBlocksLieIsNamed(String places) {
    write(0, places);

    refused(
        shard(0)
            + " does not say where its blocks lie (DCP_SHARDING_INFO). Save it again, or"
            + " consolidate it: torch.distributed.checkpoint._consolidate_hf_safetensors",
        shard(0) + " says that w [2, 3] begins at []. Fetch the file again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[0] | [0]",
        "[0, 0, 0] | [0,0,0]",
        "[-1, 0] | [-1,0]",
        "[0.5, 0] | [0.5,0]",
        "[null, 0] | [null,0]",
        "[0, null, 0] | [0,null,0]",
        "7 | []",
        "[9223372036854775808, 0] | [9223372036854775808,0]"
      })
  void aPlaceThatIsNoneIsShown(String offsets, String shown) {
    write(0, "\"{\\\"w\\\": {\\\"saved_offsets\\\": %s}}\"".formatted(offsets));

    refused(shard(0) + " says that w [2, 3] begins at " + shown + ". Fetch the file again");
  }

  @Test
  void faultsOfAllTensorsAreToldTogether() {
    write(
        shard(0),
        """
        {"__metadata__": {"DCP_SHARDING_INFO":
           "{\\"a\\": {\\"saved_offsets\\": [1]}, \\"b\\": {\\"saved_offsets\\": [2]}}"},
         "a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]},
         "b": {"dtype": "F32", "shape": [3], "data_offsets": [12, 24]}}
        """);

    refused(
        "a block of a is missing: along axis 0 nothing holds 0 to 4 but 1 to 4 in "
            + shard(0)
            + ". Fetch the files of all processes",
        "a block of b is missing: along axis 0 nothing holds 0 to 5 but 2 to 5 in "
            + shard(0)
            + ". Fetch the files of all processes");
  }

  @Test
  void noTensorIsReadBeforeItIsAskedFor() throws IOException {
    rows(0, 0);
    store.write(
        FOLDER.child(shard(1)),
        ShardBytes.shard(
            """
            {"__metadata__": {"DCP_SHARDING_INFO": "{\\"v\\": {\\"saved_offsets\\": [0]}}"},
             "v": {"dtype": "U8", "shape": [1000000], "data_offsets": [0, 1000000]}}
            """,
            1_000_000));

    open();

    assertThat(store.bytesRead()).isLessThan(500_000);
  }
}
