package dev.stockpot.merge.safetensors;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.Parts;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parts of a model that lie in folders of their own, with the weights of those that have some.
 */
final class OpenedParts {
  /** Of a model that is looked at as a part itself. */
  static final OpenedParts NONE = new OpenedParts(PartFolders.NONE, Map.of());

  private final PartFolders folders;
  private final Map<String, Checkpoint> opened;

  private OpenedParts(PartFolders folders, Map<String, Checkpoint> opened) {
    this.folders = folders;
    this.opened = opened;
  }

  /**
   * Opens them.
   *
   * @param problems takes what is wrong with them
   */
  static OpenedParts of(
      ObjectSource store, Location folder, FolderFiles files, List<String> problems)
      throws IOException {
    PartFolders folders = PartFolders.of(store, folder, files);
    Map<String, Checkpoint> opened = new LinkedHashMap<>();
    for (String name : folders.withWeights()) {
      try {
        opened.put(name, CheckpointReader.openPart(store, folder.child(name)));
      } catch (CheckpointException e) {
        problems.add("in %s: %s".formatted(name, e.getMessage()));
      }
    }
    List<String> pickles = folders.withPickles();
    if (!opened.isEmpty() && !folders.isChain() && !pickles.isEmpty()) {
      problems.add(
          "the weights in %s are none that can be read, and a pipeline without them is none. Save it anew: DiffusionPipeline.from_pretrained('IN').save_pretrained('OUT', safe_serialization=True)"
              .formatted(Quoted.of(pickles)));
    }
    return new OpenedParts(folders, opened);
  }

  /** Whether any of them holds weights. */
  boolean haveWeights() {
    return !opened.isEmpty();
  }

  /** Adds their tensors, each under the name of its folder. */
  void addTensors(Map<String, TensorInfo> tensors) {
    opened.forEach(
        (folder, part) ->
            part.tensors()
                .values()
                .forEach(
                    tensor -> {
                      String name = folder + "/" + tensor.name();
                      tensors.put(
                          name,
                          new TensorInfo(
                              name,
                              tensor.dtype(),
                              tensor.shape(),
                              tensor.shard(),
                              tensor.bytes()));
                    }));
  }

  /** The files that their tensors lie in. */
  List<StoredObject> shards() {
    return opened.values().stream().flatMap(part -> part.shards().stream()).toList();
  }

  /** What a user should know of them. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    opened.forEach(
        (folder, part) ->
            part.surroundings().remarks().forEach(it -> remarks.add(folder + ": " + it)));
    return remarks;
  }

  /** The folders that go along file by file; all others go along as wholes, if they do. */
  Set<String> listed() {
    return new TreeSet<>(folders.isChain() ? folders.kinds().keySet() : opened.keySet());
  }

  /** What lies in these beside what is read. */
  List<StoredObject> filesBeside() {
    List<StoredObject> beside = new ArrayList<>();
    for (String name : listed()) {
      List<StoredObject> read =
          opened.containsKey(name) ? opened.get(name).shards() : List.<StoredObject>of();
      String index =
          opened.containsKey(name)
              ? SafetensorsLayout.of(opened.get(name).surroundings().weights()).indexFile()
              : "";
      folders.files().get(name).stream()
          .filter(file -> !read.contains(file) && !file.location().name().equals(index))
          .forEach(beside::add);
    }
    return beside;
  }

  Parts parts() {
    Map<String, String> weights = new LinkedHashMap<>();
    opened.forEach((folder, part) -> weights.put(folder, part.surroundings().weights()));
    return new Parts(folders.kinds(), weights, folders.isChain());
  }
}
