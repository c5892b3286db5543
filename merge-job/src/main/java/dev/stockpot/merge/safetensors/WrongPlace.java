package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a place holds no weights that can be read, and which one near it may. */
final class WrongPlace {
  private static final Pattern PICKLE = Pattern.compile(".+\\.(bin|pt|pth|ckpt|pkl)");
  private static final Pattern GGUF = Pattern.compile("(?i).+\\.(gguf|ggml)");
  private static final String SNAPSHOTS = "snapshots";
  private static final String CACHED = "models--";

  private static final String TYPO = "Look for a typing error, or fetch the model first";

  /** Folders that are looked into: there may be a thousand checkpoints. */
  private static final int MOST_LOOKED_AT = 30;

  private static final String GGUF_REMEDY =
      "Use the safetensors files that it was made from; or, where a model is merged, name a GGUF"
          + " file of F32, F16 or BF16 itself";

  private final ObjectSource store;
  private final Location folder;

  WrongPlace(ObjectSource store, Location folder) {
    this.store = store;
    this.folder = folder;
  }

  /** Of a file in the place of a folder. */
  static String file(String name) {
    if (GGUF.matcher(name).matches()) {
      return "this is a GGUF file. " + GGUF_REMEDY;
    }
    return PICKLE.matcher(name).matches()
        ? "this is a pickle. %s".formatted(ForeignFormat.CONVERT)
        : "this is a file. Give the folder that it lies in, or a .safetensors file";
  }

  /** Of a folder that is not there. */
  String absent() throws IOException {
    String path = folder.path();
    if (path.equals("~") || path.startsWith("~/")) {
      return "there is no such folder: `~` stands for your home folder only in a shell. Write %s"
          .formatted(System.getProperty("user.home") + path.substring(1));
    }
    if (!folder.scheme().equals(Location.FILE)) {
      return "there is no such folder. " + TYPO;
    }
    Path place = folder.localPath().toAbsolutePath().normalize();
    String where = folder.isRelative() ? ": its place is %s".formatted(place) : "";
    Path above = place.getParent();
    while (above.getParent() != null && !Files.isDirectory(above)) {
      above = above.getParent();
    }
    List<String> there = folders(new Location(above.toString()));
    return "there is no such folder%s. %s has %s. %s"
        .formatted(
            where, above, there.isEmpty() ? "no folders" : "the folders " + Quoted.of(there), TYPO);
  }

  /** Of a folder without weights. */
  String folder(FolderFiles files) throws IOException {
    List<String> names = files.names();
    List<String> folders = folders(folder);
    if (folders.contains(SNAPSHOTS)) {
      return cacheOfModel();
    }
    List<String> cached = folders.stream().filter(name -> name.startsWith(CACHED)).toList();
    if (!cached.isEmpty()) {
      return "this is a download cache, of %s. Name a snapshot of one of them: %s/%s/%s/HASH"
          .formatted(Quoted.of(cached), folder, cached.get(0), SNAPSHOTS);
    }
    List<String> inside = withWeights(folders);
    if (files.has(PartFolders.PIPELINE) && !inside.isEmpty()) {
      return "this is a pipeline of several models, each in a folder of its own: %s. Merge one at a time: name %s/%s"
          .formatted(Quoted.of(inside), folder, inside.get(0));
    }
    if (!inside.isEmpty()) {
      return "it holds no weights itself, but folders in it do: %s. Name one of them%s"
          .formatted(
              Quoted.of(inside),
              inside.size() > 1
                  ? ", or all of them: %s/*".formatted(folder)
                  : ": " + folder + "/" + inside.get(0));
    }
    if (names.isEmpty()) {
      return folders.isEmpty()
          ? "the folder is empty. Fetch the model first"
          : "it holds no files, only the folders %s. Give the folder of the weights"
              .formatted(Quoted.of(folders));
    }
    return withoutWeights(names);
  }

  /** Of what distributed training saves, in formats that are pickles. */
  private static Optional<String> distributed(List<String> names) {
    if (names.contains("common.pt") && names.contains("metadata.json")) {
      return Optional.of(
          "it is a torch_dist checkpoint of Megatron, whose index and common.pt are pickles, which"
              + " are never opened here. Export it with Megatron-Bridge:"
              + " AutoBridge.export_ckpt(…)");
    }
    List<String> distcp = names.stream().filter(name -> name.endsWith(".distcp")).toList();
    return distcp.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "it is a distributed checkpoint of PyTorch: %s. Its index, .metadata, is a pickle, which is never opened here. Where you trust it: python -m torch.distributed.checkpoint.format_utils dcp_to_torch IN OUT.pt, and then save_file of safetensors; or save it with HuggingFaceStorageWriter"
                .formatted(Quoted.of(distcp)));
  }

  private static String withoutWeights(List<String> names) {
    Optional<String> distributed = distributed(names);
    if (distributed.isPresent()) {
      return distributed.get();
    }
    if (names.stream().anyMatch(FolderFiles::isAdapter)) {
      return "it holds a LoRA adapter and no model. Name its base before it, joined by a plus:"
          + " BASE+ADAPTER";
    }
    List<String> pickles = names.stream().filter(PICKLE.asMatchPredicate()).toList();
    if (!pickles.isEmpty()) {
      return "its weights are pickles: %s. %s, or for a transformers model:"
              .formatted(Quoted.of(pickles), ForeignFormat.CONVERT)
          + " AutoModelForCausalLM.from_pretrained('IN', torch_dtype='auto')"
          + ".save_pretrained('OUT', safe_serialization=True)";
    }
    List<String> gguf = names.stream().filter(GGUF.asMatchPredicate()).toList();
    if (!gguf.isEmpty()) {
      return "its weights are GGUF: %s. %s".formatted(Quoted.of(gguf), GGUF_REMEDY);
    }
    return "it holds no safetensors file, only %s. Give the folder of the weights"
        .formatted(Quoted.of(names));
  }

  private String cacheOfModel() throws IOException {
    List<String> snapshots = folders(folder.child(SNAPSHOTS));
    if (snapshots.isEmpty()) {
      return "this is a model's folder in a download cache, without a snapshot. Download it again";
    }
    Optional<String> current = current().filter(snapshots::contains);
    return "this is a model's folder in a download cache. Name its snapshot: %s/%s/%s%s"
        .formatted(
            folder,
            SNAPSHOTS,
            current.orElse(snapshots.get(0)),
            snapshots.size() == 1
                ? ""
                : " (%s of %s)"
                    .formatted(
                        current.isPresent() ? "the one of refs/main" : "one", snapshots.size()));
  }

  /** What the cache takes for the newest. */
  private Optional<String> current() throws IOException {
    Optional<StoredObject> ref = store.find(folder.child("refs").child("main"));
    return ref.isEmpty() || ref.get().size() > 200
        ? Optional.empty()
        : Optional.of(new String(ref.get().read(store), UTF_8).strip());
  }

  private List<String> withWeights(List<String> folders) throws IOException {
    List<String> found = new ArrayList<>();
    for (String name : folders.subList(0, Math.min(MOST_LOOKED_AT, folders.size()))) {
      if (holdsWeights(folder.child(name))) {
        found.add(name);
      }
    }
    return found;
  }

  private boolean holdsWeights(Location place) throws IOException {
    try {
      return !new FolderFiles(store.list(place)).weights().isEmpty();
    } catch (FileSystemException e) { // gone, or not for us to see
      return false;
    }
  }

  private List<String> folders(Location place) throws IOException {
    try {
      return NaturalOrder.sort(
          store.folders(place).stream().map(Location::name).toList(), name -> name);
    } catch (NoSuchFileException e) { // an object store has no empty folders
      return List.of();
    }
  }
}
