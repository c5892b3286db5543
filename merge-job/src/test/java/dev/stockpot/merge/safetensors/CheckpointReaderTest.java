package dev.stockpot.merge.safetensors;

import static dev.stockpot.merge.safetensors.ShardBytes.shardOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CheckpointReaderTest {
  private static final Location FOLDER = new Location("s3://models/a");
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  private final MemoryStore store = new MemoryStore();

  private void write(String name, byte[] bytes) {
    store.write(FOLDER.child(name), bytes);
  }

  private void write(String name, String text) {
    write(name, text.getBytes(UTF_8));
  }

  private void writeIndex(Map<String, String> weightMap) {
    write(INDEX, new ShardIndex(weightMap).encode(0).array());
  }

  private Checkpoint open() throws IOException {
    return CheckpointReader.open(store, FOLDER);
  }

  private void assertProblems(String... problems) {
    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessage("Checkpoint s3://models/a cannot be used:\n- " + String.join("\n- ", problems));
  }

  private static List<String> names(List<StoredObject> objects) {
    return objects.stream().map(object -> object.location().name()).toList();
  }

  @Test
  void opensASingleShardWithWhatGoesWithIt() throws IOException {
    write("model.safetensors", shardOf("b.10", "b.2"));
    write("config.json", "{\"model_type\": \"llama\", \"time_step_limit\": [0.0, Infinity]}");
    write("tokenizer.json", "{}");
    write("chat_template.jinja", "{{ messages }}");
    write("README.md", "a model");
    write("training_args.bin", "pickle");
    store.write(FOLDER.child("1_Pooling").child("config.json"), new byte[0]);

    Checkpoint checkpoint = open();

    assertThat(checkpoint.folder()).isEqualTo(FOLDER);
    assertThat(names(checkpoint.shards())).containsExactly("model.safetensors");
    assertThat(checkpoint.tensors().keySet()).containsExactly("b.2", "b.10");
    assertThat(checkpoint.config()).startsWith("{\"model_type\"").endsWith("Infinity]}");
    assertThat(checkpoint.companions().keySet())
        .containsExactly("chat_template.jinja", "tokenizer.json");
    assertThat(checkpoint.surroundings().leftBehind())
        .containsExactly(Map.entry("training_args.bin", "weights"));
    assertThat(checkpoint.surroundings().card()).isEqualTo("a model");
  }

  @Test
  void opensTheShardsThatTheIndexNamesAndNoOther() throws IOException {
    write(FIRST, shardOf("a", "b"));
    write(SECOND, shardOf("c"));
    write("consolidated.safetensors", shardOf("a", "b", "c"));
    writeIndex(Map.of("a", FIRST, "b", FIRST, "c", SECOND));

    Checkpoint checkpoint = open();

    assertThat(names(checkpoint.shards())).containsExactly(FIRST, SECOND);
    assertThat(checkpoint.tensors().keySet()).containsExactly("a", "b", "c");
    assertThat(checkpoint.tensors().get("c").shard()).isEqualTo(checkpoint.shards().get(1));
    assertThat(checkpoint.config()).isEmpty();
  }

  @Test
  void asksForNoMoreThanTheHeaders() throws IOException {
    write(FIRST, shardOf("a", "b"));
    write(SECOND, shardOf("c"));
    writeIndex(Map.of("a", FIRST, "b", FIRST, "c", SECOND));

    open();

    assertThat(store.count(MemoryStore.Request.LIST)).isEqualTo(1);
    assertThat(store.count(MemoryStore.Request.FIND)).isZero();
    assertThat(store.count(MemoryStore.Request.OPEN)).isEqualTo(3);
    assertThat(store.count(MemoryStore.Request.READ)).isEqualTo(3);
  }

  @Test
  void opensACompleteSetWithoutAnIndex() throws IOException {
    write(FIRST, shardOf("a"));
    write(SECOND, shardOf("b"));

    assertThat(open().tensors().keySet()).containsExactly("a", "b");
  }

  @Test
  void opensTheOnlySafetensorsFileWhateverItsName() throws IOException {
    write("my-model.safetensors", shardOf("a"));
    write("adapter_model.safetensors", shardOf("lora"));

    assertThat(open().tensors().keySet()).containsExactly("a");
  }

  @Test
  void reportsAMissingFolder() {
    assertProblems("there is no such folder. Look for a typing error, or fetch the model first");
  }

  @Test
  void reportsAFolderWithoutFiles() {
    store.write(FOLDER.child("below").child("model.safetensors"), shardOf("a"));

    assertProblems(
        "it holds no weights itself, but folders in it do: 'below'."
            + " Name one of them: s3://models/a/below");
  }

  @Test
  void reportsShardsThatTheIndexNamesInVain() {
    write(FIRST, shardOf("a"));
    writeIndex(Map.of("a", FIRST, "b", SECOND));

    assertProblems(
        "model.safetensors.index.json names 1 of 2 shards that are not there:"
            + " 'model-00002-of-00002.safetensors'. Fetch them");
  }

  @Test
  void reportsTensorsThatShardsLack() {
    write(FIRST, shardOf("a", "b"));
    write(SECOND, shardOf("c"));
    writeIndex(Map.of("a", FIRST, "c", SECOND, "d", SECOND));

    assertProblems(
        "'model-00002-of-00002.safetensors' lacks, but the index lists, 'd'."
            + " Fetch the shard and the index again, from the same place");
  }

  @Test
  void reportsATensorInAnotherShardThanTheIndexSays() {
    write(FIRST, shardOf("a", "b"));
    write(SECOND, shardOf("c"));
    writeIndex(Map.of("a", FIRST, "b", SECOND, "c", SECOND));

    assertProblems(
        "'model-00002-of-00002.safetensors' lacks, but the index lists, 'b'."
            + " Fetch the shard and the index again, from the same place");
  }

  @Test
  void reportsTensorsInTwoShards() {
    write(FIRST, shardOf("a", "b"));
    write(SECOND, shardOf("b", "c"));

    assertProblems(
        "model-00001-of-00002.safetensors and model-00002-of-00002.safetensors both hold 'b'."
            + " Remove the one that is of another checkpoint");
  }

  @Test
  void reportsAnIndexBesideASingleShardThatItDoesNotName() {
    write("model.safetensors", shardOf("a"));
    write(FIRST, shardOf("a"));
    writeIndex(Map.of("a", FIRST));

    assertProblems(
        "model.safetensors and the shards of model.safetensors.index.json are both there, and"
            + " programs differ in which they read: transformers reads model.safetensors. Remove"
            + " model.safetensors.index.json if it is what you want, else model.safetensors");
  }

  @Test
  void anIndexMayNameTheSingleShard() throws IOException {
    write("model.safetensors", shardOf("a"));
    writeIndex(Map.of("a", "model.safetensors"));

    assertThat(open().tensors().keySet()).containsExactly("a");
  }

  @Test
  void reportsHolesInASetWithoutAnIndex() {
    write("model-00002-of-00012.safetensors", shardOf("a"));

    assertProblems(
        "11 of 12 shards are not there: 'model-00001-of-00012.safetensors',"
            + " 'model-00003-of-00012.safetensors', 'model-00004-of-00012.safetensors',"
            + " 'model-00005-of-00012.safetensors', 'model-00006-of-00012.safetensors'"
            + " and 6 more. Fetch them");
  }

  @Test
  void reportsSafetensorsFilesThatAreNoOneSet() {
    write("a.safetensors", shardOf("a"));
    write("b.safetensors", shardOf("b"));

    assertProblems(
        "it has no model.safetensors.index.json, and 2 safetensors files that are no one set:"
            + " 'a.safetensors', 'b.safetensors'. Fetch the index, remove what is of another"
            + " checkpoint, or name one file as the model");
  }

  @Test
  void reportsSetsOfTwoLengths() {
    write(FIRST, shardOf("a"));
    write(SECOND, shardOf("b"));
    write("model-00003-of-00003.safetensors", shardOf("c"));

    assertThatThrownBy(this::open).hasMessageContaining("3 safetensors files that are no one set");
  }

  @Test
  void reportsAllProblemsTogether() {
    write(FIRST, "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    write(SECOND, new byte[0]);
    write("config.json", "{");
    writeIndex(Map.of("a", FIRST, "b", SECOND, "c", "model-00003-of-00003.safetensors"));

    assertThatThrownBy(this::open)
        .isInstanceOf(CheckpointException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage().lines())
                    .satisfiesExactly(
                        line -> assertThat(line).endsWith("cannot be used:"),
                        line -> assertThat(line).startsWith("- config.json is not JSON: line 1, "),
                        line -> assertThat(line).contains("names 1 of 3 shards that are not there"),
                        line -> assertThat(line).contains(FIRST).contains("git lfs pull"),
                        line -> assertThat(line).contains(SECOND).contains("the file is empty")));
  }

  @Test
  void reportsACorruptIndex() {
    write(FIRST, shardOf("a"));
    write(INDEX, "{\"weight_map\":{\"a\":\"../x\"}}");

    assertProblems(
        "s3://models/a/model.safetensors.index.json, bytes 19-25: the file of tensor 'a' is"
            + " '../x', must be the name of a file in the same folder."
            + " Fetch the index again, or ask those who made it");
  }

  @Test
  void reportsAConfigThatIsNoObject() {
    write("model.safetensors", shardOf("a"));

    write("config.json", "[]");
    assertProblems("config.json is not a JSON object. Fetch it again");
    write("config.json", "");
    assertProblems("config.json is not a JSON object. Fetch it again");
    write("config.json", "{} x");
    assertThatThrownBy(this::open).hasMessageContaining("config.json is not JSON: line 1, ");
    write("config.json", "{} 1");
    assertProblems("config.json goes on after its JSON object. Fetch it again");
    write("config.json", new byte[] {'{', '"', (byte) 0xe9, '"'});
    assertProblems("config.json, byte 2: is not UTF-8 text. Fetch it again");
  }

  @Test
  void reportsAConfigThatIsTooLargeWithoutReadingIt() {
    write("model.safetensors", shardOf("a"));
    write("config.json", new byte[(10 << 20) + 1]);

    assertProblems(
        "config.json has 10485761 bytes, must be at most 10485760."
            + " Look whether it is another file by mistake");
    assertThat(store.bytesRead()).isLessThan(1_000);
  }

  @Test
  void opensManyShards() throws IOException {
    Map<String, String> weightMap = new TreeMap<>();
    for (int i = 1; i <= 40; i++) {
      String shard = "model-%05d-of-00040.safetensors".formatted(i);
      write(shard, shardOf("layers." + i));
      weightMap.put("layers." + i, shard);
    }
    writeIndex(weightMap);

    Checkpoint checkpoint = open();

    assertThat(checkpoint.tensors()).hasSize(40);
    assertThat(checkpoint.tensors().keySet()).startsWith("layers.1").endsWith("layers.40");
  }

  @Test
  void aStoreThatFailsIsNoProblemOfTheCheckpoint() {
    write("model.safetensors", shardOf("a"));
    ObjectSource failing = new FailingSource(store);

    assertThatThrownBy(() -> CheckpointReader.open(failing, FOLDER))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("connection lost");
  }

  @Test
  void canBeInterrupted() {
    write("model.safetensors", shardOf("a"));

    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(this::open).isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** Lists what another store has, and loses the connection when it is to be read. */
  private record FailingSource(ObjectSource other) implements ObjectSource {
    @Override
    public List<StoredObject> list(Location folder) throws IOException {
      return other.list(folder);
    }

    @Override
    public List<Location> folders(Location folder) throws IOException {
      return other.folders(folder);
    }

    @Override
    public Optional<StoredObject> find(Location object) throws IOException {
      return other.find(object);
    }

    @Override
    public RangeReader open(StoredObject object) throws IOException {
      throw new IOException("connection lost");
    }

    @Override
    public boolean readsSideBySide(Location object) {
      return other.readsSideBySide(object);
    }
  }
}
