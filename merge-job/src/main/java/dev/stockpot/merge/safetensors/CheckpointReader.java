package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.safetensors.ShardName.Kind;
import dev.stockpot.merge.safetensors.WeightChoice.Chosen;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

/** Opens checkpoints: reads the headers of their shards, and none of their tensors. */
public final class CheckpointReader {
  private static final String CARD = "README.md";
  private static final int MOST_CARD_BYTES = 1 << 20;
  private static final int MOST_INDEX_BYTES = 100_000_000;

  private final ObjectSource store;
  private final Location place;
  private final boolean goesAlong;
  private final boolean isPart;
  private final List<String> problems = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private OpenedParts parts = OpenedParts.NONE;

  private CheckpointReader(ObjectSource store, Location place, boolean goesAlong, boolean isPart) {
    this.store = store;
    this.place = place;
    this.goesAlong = goesAlong;
    this.isPart = isPart;
  }

  private static CheckpointReader of(ObjectSource store, Location place, boolean goesAlong) {
    return new CheckpointReader(store, place, goesAlong, /* isPart= */ false);
  }

  /**
   * Opens the checkpoint in a folder, or in a single safetensors file, with the modules or
   * components that lie in folders of their own. The shards of a folder are those that its index
   * names; without an index, {@code model.safetensors} or what other libraries call it, the only
   * safetensors file, or a complete set {@code …-00001-of-00004.safetensors}.
   *
   * @throws CheckpointException if there is none, or something is wrong with it: all problems
   *     together
   */
  public static Checkpoint open(ObjectSource store, Location place) throws IOException {
    return of(store, place, /* goesAlong= */ false).openAny();
  }

  /** The same, with what lies in folders beside the weights, which goes along with them. */
  public static Checkpoint openWithFolders(ObjectSource store, Location place) throws IOException {
    return of(store, place, /* goesAlong= */ true).openAny();
  }

  /**
   * Opens a single safetensors file, or the checkpoint in a folder, without what belongs to a model
   * beside its tensors.
   *
   * @throws CheckpointException if there is none, or something is wrong with it
   */
  public static Checkpoint openTensors(ObjectSource store, Location place) throws IOException {
    CheckpointReader reader =
        new CheckpointReader(store, place, /* goesAlong= */ false, /* isPart= */ true);
    Optional<StoredObject> file = reader.file();
    return file.isPresent() ? reader.openAlone(file.get()) : reader.openFolder();
  }

  /** Opens what lies in a folder of a model, which has no parts itself. */
  static Checkpoint openPart(ObjectSource store, Location place) throws IOException {
    return new CheckpointReader(store, place, /* goesAlong= */ false, /* isPart= */ true)
        .openFolder();
  }

  private void openParts(Location folder, FolderFiles files) throws IOException {
    if (!isPart) {
      parts = OpenedParts.of(store, folder, files, problems);
      remarks.addAll(parts.remarks());
    }
  }

  private Optional<StoredObject> file() throws IOException {
    return FolderFiles.isSafetensors(place.name()) ? store.find(place) : Optional.empty();
  }

  private Checkpoint openAny() throws IOException {
    Optional<StoredObject> file = file();
    return file.isPresent() ? openFile(file.get()) : openFolder();
  }

  private Checkpoint openAlone(StoredObject file) throws IOException {
    NavigableMap<String, TensorInfo> tensors =
        ShardHeaders.read(store, place, List.of(file), problems).tensors();
    throwIfAny();
    return new Checkpoint(place, List.of(file), tensors, "");
  }

  /** A file as a model: with what lies beside it, if nothing else there has weights. */
  private Checkpoint openFile(StoredObject file) throws IOException {
    String name = place.name();
    Location folder = folderOf(place);
    FolderFiles files = new FolderFiles(store.list(folder));
    ShardName known = ShardName.of(name).orElseThrow();
    if (known.is(Kind.SHARD)) {
      throw new CheckpointException(
          place,
          List.of(
              "this is shard %s of %s. Give the folder that they lie in: %s"
                  .formatted(known.number(), known.count(), folder)));
    }
    NavigableMap<String, TensorInfo> tensors =
        ShardHeaders.read(store, place, List.of(file), problems).tensors();
    if (!isOnly(name, files)) {
      if (files.has(ConfigFile.NAME)) {
        remarks.add(
            "%s and the files beside it do not go along: they may belong to other weights in %s"
                .formatted(ConfigFile.NAME, folder));
      }
      throwIfAny();
      return new Checkpoint(
          place, List.of(file), tensors, "", Map.of(), surroundings("", Set.of(), Map.of()));
    }
    openParts(folder, files);
    String config = ConfigFile.read(store, files, problems);
    return whole(
        folder, files, config, List.of(file), tensors, known.weights(), Set.of(), Set.of(name));
  }

  /** Whether other weights in the folder are none, or other variants and copies of the same. */
  private static boolean isOnly(String name, FolderFiles files) {
    String weights = ShardName.of(name).orElseThrow().weights();
    SafetensorsLayout layout = SafetensorsLayout.of(weights);
    boolean isKnown = weights.startsWith(layout.stem());
    return files.weights().stream()
        .allMatch(
            other ->
                other.equals(name)
                    || (isKnown
                        && ShardName.of(other).orElseThrow().weights().startsWith(layout.stem())));
  }

  private static Location folderOf(Location file) {
    int slash = file.path().lastIndexOf('/');
    return new Location(slash < 0 ? "." : slash == 0 ? "/" : file.path().substring(0, slash));
  }

  private Checkpoint openFolder() throws IOException {
    FolderFiles files = new FolderFiles(list());
    WeightChoice choice = new WeightChoice(files, problems, remarks);
    openParts(place, files);
    if (choice.isEmpty() && !parts.haveWeights()) {
      throw new CheckpointException(place, List.of(new WrongPlace(store, place).folder(files)));
    }
    String config = ConfigFile.read(store, files, problems);
    Optional<Chosen> chosen = choice.isEmpty() ? Optional.empty() : choice.choose();
    Optional<ShardIndex> index = readIndex(chosen);
    List<StoredObject> shards =
        chosen
            .map(
                it ->
                    index
                        .map(listed -> choice.shardsOf(it, listed))
                        .orElseGet(() -> choice.shardsWithoutIndex(it)))
            .orElse(List.of());
    ShardHeaders headers = ShardHeaders.read(store, place, shards, problems);
    NavigableMap<String, TensorInfo> tensors = headers.tensors();
    Set<String> unlisted = index.map(headers::unlisted).orElse(Set.of());
    unlisted.forEach(tensors::remove);
    Set<String> read = new HashSet<>();
    shards.forEach(shard -> read.add(shard.location().name()));
    chosen.flatMap(Chosen::index).ifPresent(file -> read.add(file.location().name()));
    String weights = chosen.map(Chosen::weights).orElse("");
    return whole(place, files, config, shards, tensors, weights, unlisted, read);
  }

  /** The checkpoint with what lies in its folder. */
  private Checkpoint whole(
      Location folder,
      FolderFiles files,
      String config,
      List<StoredObject> shards,
      NavigableMap<String, TensorInfo> tensors,
      String weights,
      Set<String> unlisted,
      Set<String> read)
      throws IOException {
    throwIfAny();
    if (!unlisted.isEmpty()) {
      remarks.add(
          "its index does not list %s, which its shards hold: not loaded. List them in the index, or remove the index, to load them"
              .formatted(Quoted.of(List.copyOf(unlisted))));
    }
    Companions companions = new Companions(store, folder);
    Set<String> known = new HashSet<>(read);
    known.add(ConfigFile.NAME);
    companions.addFiles(files, known);
    companions.addUnspelled();
    if (goesAlong) {
      companions.addParts(parts.filesBeside());
      companions.addFolders(parts.listed());
      companions.excess().ifPresent(problems::add);
      throwIfAny();
    }
    List<StoredObject> allShards = new ArrayList<>(shards);
    allShards.addAll(parts.shards());
    parts.addTensors(tensors);
    return new Checkpoint(
        place,
        allShards,
        tensors,
        config,
        companions.carried(),
        surroundings(weights, unlisted, companions.left())
            .withCard(card(files))
            .withParts(parts.parts()));
  }

  private Surroundings surroundings(
      String weights, Set<String> unlisted, Map<String, String> left) {
    return new Surroundings(weights, unlisted, "", left, remarks);
  }

  private String card(FolderFiles files) throws IOException {
    Optional<StoredObject> card = files.find(CARD).filter(file -> file.size() <= MOST_CARD_BYTES);
    return card.isPresent() ? new String(card.get().read(store), UTF_8) : "";
  }

  private List<StoredObject> list() throws IOException {
    try {
      return store.list(place);
    } catch (NoSuchFileException e) {
      boolean isFile = store.find(place).isPresent();
      throw new CheckpointException(
          place,
          List.of(isFile ? WrongPlace.file(place.name()) : new WrongPlace(store, place).absent()));
    }
  }

  /** The index, if there is one; an empty one if it is corrupt, which is a problem. */
  private Optional<ShardIndex> readIndex(Optional<Chosen> chosen) throws IOException {
    Optional<StoredObject> index = chosen.flatMap(Chosen::index);
    if (index.isEmpty()) {
      return Optional.empty();
    }
    if (ConfigFile.isTooLarge(index.get(), MOST_INDEX_BYTES, problems)) {
      return Optional.of(new ShardIndex(Map.of()));
    }
    try {
      return Optional.of(ShardIndex.parse(index.get().location(), index.get().read(store)));
    } catch (CorruptShardException e) {
      problems.add(e.getMessage());
      return Optional.of(new ShardIndex(Map.of()));
    }
  }

  private void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new CheckpointException(place, problems);
    }
  }
}
