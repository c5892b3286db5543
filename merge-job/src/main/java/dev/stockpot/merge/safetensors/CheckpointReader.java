package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonReader;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Opens checkpoints: reads the headers of their shards, and none of their tensors. */
public final class CheckpointReader {
  /**
   * Files that go with the weights wherever these go: tokenizers, chat templates, how to generate,
   * how to prepare images and sound, how sentence embeddings are made of tokens.
   */
  public static final Set<String> COMPANIONS =
      Set.of(
          "added_tokens.json",
          "chat_template.jinja",
          "chat_template.json",
          "config_sentence_transformers.json",
          "feature_extractor_config.json",
          "generation_config.json",
          "merges.txt",
          "modules.json",
          "preprocessor_config.json",
          "processor_config.json",
          "sentence_bert_config.json",
          "sentencepiece.bpe.model",
          "special_tokens_map.json",
          "spiece.model",
          "tekken.json",
          "tokenizer.json",
          "tokenizer.model",
          "tokenizer_config.json",
          "video_preprocessor_config.json",
          "vocab.json",
          "vocab.txt");

  private static final String CONFIG = "config.json";
  private static final int MAX_CONFIG_BYTES = 10 << 20;
  private static final int MAX_INDEX_BYTES = 100_000_000;

  private final ObjectSource store;
  private final Location folder;
  private final List<String> problems = new ArrayList<>();

  private CheckpointReader(ObjectSource store, Location folder) {
    this.store = store;
    this.folder = folder;
  }

  /**
   * Opens the checkpoint in a folder. Its shards are those that its index names; without an index,
   * {@code model.safetensors}, the only safetensors file, or a complete set {@code
   * …-00001-of-00004.safetensors}.
   *
   * @throws CheckpointException if there is none, or something is wrong with it: all problems
   *     together
   */
  public static Checkpoint open(ObjectSource store, Location folder) throws IOException {
    return new CheckpointReader(store, folder).open();
  }

  /**
   * Opens a single safetensors file, or the checkpoint in a folder, without what belongs to a model
   * beside its tensors.
   *
   * @throws CheckpointException if there is none, or something is wrong with it
   */
  public static Checkpoint openTensors(ObjectSource store, Location place) throws IOException {
    Optional<StoredObject> file =
        FolderFiles.isSafetensors(place.name()) ? store.find(place) : Optional.empty();
    CheckpointReader reader = new CheckpointReader(store, place);
    return file.isPresent() ? reader.open(file.get()) : reader.open();
  }

  private Checkpoint open(StoredObject file) throws IOException {
    NavigableMap<String, TensorInfo> tensors = headers(List.of(file)).tensors(problems);
    if (!problems.isEmpty()) {
      throw new CheckpointException(folder, problems);
    }
    return new Checkpoint(folder, List.of(file), tensors, "", List.of());
  }

  private Checkpoint open() throws IOException {
    FolderFiles files = new FolderFiles(list(), problems);
    String config = readConfig(files);
    Optional<ShardIndex> index = readIndex(files);
    List<StoredObject> shards =
        index.isPresent() ? files.shardsOf(index.get()) : files.shardsWithoutIndex();
    ShardHeaders headers = headers(shards);
    NavigableMap<String, TensorInfo> tensors = headers.tensors(problems);
    index.ifPresent(listed -> headers.compare(listed, problems));
    if (!problems.isEmpty()) {
      throw new CheckpointException(folder, problems);
    }
    return new Checkpoint(folder, shards, tensors, config, companions(files));
  }

  private ShardHeaders headers(List<StoredObject> shards) throws IOException {
    return ShardHeaders.read(store, folder, shards, problems);
  }

  private List<StoredObject> companions(FolderFiles files) throws IOException {
    List<StoredObject> companions = new ArrayList<>(files.named(COMPANIONS));
    companions.addAll(new ModuleFolders(store, folder).files(files));
    return companions;
  }

  /** What a merge carries along from a folder, whether there is a checkpoint in it or not. */
  public static List<StoredObject> companions(ObjectSource store, Location folder)
      throws IOException {
    FolderFiles files = new FolderFiles(store.list(folder), new ArrayList<>());
    return new CheckpointReader(store, folder).companions(files);
  }

  private List<StoredObject> list() throws IOException {
    try {
      return store.list(folder);
    } catch (NoSuchFileException e) {
      boolean isFile = store.find(folder).isPresent();
      throw new CheckpointException(
          folder,
          List.of(
              isFile
                  ? "this is a file. Give the folder that it lies in"
                  : "there is no such folder. Look for a typing error, or fetch the model first"));
    }
  }

  private String readConfig(FolderFiles files) throws IOException {
    Optional<StoredObject> config = files.find(CONFIG);
    if (config.isEmpty() || isTooLarge(config.get(), MAX_CONFIG_BYTES)) {
      return "";
    }
    byte[] text = config.get().read(store);
    OptionalInt badByte = Json.firstBadByte(text);
    if (badByte.isPresent()) {
      problems.add(
          "%s, byte %s: is not UTF-8 text. Fetch it again".formatted(CONFIG, badByte.getAsInt()));
      return "";
    }
    try (JsonReader json = JsonReader.ofPythons(text)) {
      if (!json.beginsObject()) {
        problems.add("%s is not a JSON object. Fetch it again".formatted(CONFIG));
        return "";
      }
      json.skipRest();
      if (!json.isAtEnd()) {
        problems.add("%s goes on after its JSON object. Fetch it again".formatted(CONFIG));
      }
    } catch (JsonException e) {
      problems.add(
          "%s is not JSON: line %s, %s. Fetch it again"
              .formatted(CONFIG, e.line(), e.getMessage()));
    }
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The index, if there is one; an empty one if it is corrupt, which is a problem. */
  private Optional<ShardIndex> readIndex(FolderFiles files) throws IOException {
    Optional<StoredObject> index = files.find(ShardIndex.FILE_NAME);
    if (index.isEmpty()) {
      return Optional.empty();
    }
    if (isTooLarge(index.get(), MAX_INDEX_BYTES)) {
      return Optional.of(new ShardIndex(Map.of()));
    }
    try {
      return Optional.of(ShardIndex.parse(index.get().location(), index.get().read(store)));
    } catch (CorruptShardException e) {
      problems.add(e.getMessage());
      return Optional.of(new ShardIndex(Map.of()));
    }
  }

  private boolean isTooLarge(StoredObject file, int most) {
    if (file.size() <= most) {
      return false;
    }
    problems.add(
        "%s has %s bytes, must be at most %s. Look whether it is another file by mistake"
            .formatted(file.location().name(), file.size(), most));
    return true;
  }
}
