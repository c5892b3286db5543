package dev.stockpot.merge.safetensors;

import static dev.stockpot.merge.safetensors.ShardBytes.shardOf;
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

class CheckpointReaderTest extends CheckpointCases {
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
  void anIndexMayNameTheSingleShard() throws IOException {
    write("model.safetensors", shardOf("a"));
    writeIndex(Map.of("a", "model.safetensors"));

    assertThat(open().tensors().keySet()).containsExactly("a");
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
