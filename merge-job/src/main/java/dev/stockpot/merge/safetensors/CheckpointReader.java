package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonReader;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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

  /** Waiting for a store is all these threads do. */
  private static final int THREADS = 16;

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

  private Checkpoint open() throws IOException {
    FolderFiles files = new FolderFiles(list(), problems);
    String config = readConfig(files);
    Optional<ShardIndex> index = readIndex(files);
    List<StoredObject> shards =
        index.isPresent() ? files.shardsOf(index.get()) : files.shardsWithoutIndex();
    List<ShardHeader> headers = readHeaders(shards);
    NavigableMap<String, TensorInfo> tensors = gather(headers);
    index.ifPresent(listed -> compare(listed.weightMap(), headers));
    if (!problems.isEmpty()) {
      throw new CheckpointException(folder, problems);
    }
    return new Checkpoint(folder, shards, tensors, config, companions(files));
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

  /** The headers that can be read; the others become problems. */
  private List<ShardHeader> readHeaders(List<StoredObject> shards) throws IOException {
    if (shards.isEmpty()) {
      return List.of();
    }
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(THREADS, shards.size()));
    try {
      List<Callable<ShardHeader>> reads =
          shards.stream().map(shard -> (Callable<ShardHeader>) () -> readHeader(shard)).toList();
      List<ShardHeader> headers = new ArrayList<>();
      List<Future<ShardHeader>> read = pool.invokeAll(reads);
      if (Thread.interrupted()) { // invokeAll does not look if all was done before it would wait
        throw new InterruptedException();
      }
      for (Future<ShardHeader> header : read) {
        try {
          headers.add(header.get());
        } catch (ExecutionException e) {
          addProblem(e);
        }
      }
      return headers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("opening " + folder);
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      pool.shutdownNow();
    }
  }

  private ShardHeader readHeader(StoredObject shard) throws IOException {
    try (RangeReader reader = store.open(shard)) {
      return ShardHeader.parse(shard, reader);
    }
  }

  private void addProblem(ExecutionException failure) throws IOException {
    Throwable cause = failure.getCause();
    if (cause instanceof CorruptShardException) {
      problems.add(cause.getMessage());
    } else if (cause instanceof IOException e) {
      throw e;
    } else {
      throw new IllegalStateException("Opening " + folder, cause);
    }
  }

  private NavigableMap<String, TensorInfo> gather(List<ShardHeader> headers) {
    NavigableMap<String, TensorInfo> tensors = new TreeMap<>();
    Map<String, List<String>> twice = new TreeMap<>();
    for (ShardHeader header : headers) {
      for (TensorInfo tensor : header.tensors()) {
        TensorInfo before = tensors.putIfAbsent(tensor.name(), tensor);
        if (before != null) {
          String shards = "%s and %s".formatted(nameOf(before.shard()), nameOf(header.shard()));
          twice.computeIfAbsent(shards, s -> new ArrayList<>()).add(tensor.name());
        }
      }
    }
    twice.forEach(
        (shards, names) ->
            problems.add(
                "%s both hold %s. Remove the one that is of another checkpoint"
                    .formatted(shards, Quoted.of(names))));
    return tensors;
  }

  /** Nothing that the index promises is missing, and nothing that a shard holds is dropped. */
  private void compare(Map<String, String> weightMap, List<ShardHeader> headers) {
    Map<String, Set<String>> listed = new HashMap<>();
    weightMap.forEach(
        (tensor, shard) -> listed.computeIfAbsent(shard, any -> new HashSet<>()).add(tensor));
    for (ShardHeader header : headers) {
      String shard = nameOf(header.shard());
      Set<String> missing = listed.getOrDefault(shard, new HashSet<>());
      Set<String> unlisted = new HashSet<>();
      for (TensorInfo tensor : header.tensors()) {
        missing.remove(tensor.name());
        if (!weightMap.containsKey(tensor.name())) {
          unlisted.add(tensor.name());
        }
      }
      addDifference(shard, "lacks, but the index lists,", missing);
      addDifference(shard, "holds, but the index lacks,", unlisted);
    }
  }

  private void addDifference(String shard, String what, Set<String> tensors) {
    if (!tensors.isEmpty()) {
      problems.add(
          "%s %s %s. Fetch the shard and the index again, from the same place"
              .formatted(
                  Quoted.of(shard), what, Quoted.of(NaturalOrder.sort(tensors, name -> name))));
    }
  }

  private static String nameOf(StoredObject shard) {
    return shard.location().name();
  }
}
