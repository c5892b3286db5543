package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.Adapter;
import dev.stockpot.merge.adapter.Adapters;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.gguf.GgufFile;
import dev.stockpot.merge.gguf.GgufModel;
import dev.stockpot.merge.gguf.Imatrix;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.sharded.ShardedModel;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A model whose headers are read, or what is wrong with it.
 *
 * @param notices what a user should know of it
 */
record OpenedModel(Optional<Model> model, List<String> notices, String problem) {

  /**
   * A model with its adapters.
   *
   * @param locate where a part of its name leads
   * @param isDonor whether it gives configuration and companions
   */
  static OpenedModel of(
      ObjectSource store, ModelReference reference, Placing locate, boolean isDonor) {
    return by(
        () ->
            reference.adapters().isEmpty() || isFolder(store, reference, locate)
                ? plain(base(store, locate.of(reference), isDonor))
                : baked(store, reference, locate, isDonor));
  }

  /** Statistics of a model: a file or a folder. */
  static OpenedModel ofStatistics(ObjectSource store, ModelReference reference, Placing locate) {
    return by(() -> plain(statistics(store, locate.of(reference))));
  }

  /** Statistics in a file or folder of safetensors, or in an importance matrix of llama.cpp. */
  static Model statistics(ObjectSource store, Location place) throws IOException {
    return GgufFile.isNamed(place.name())
        ? Imatrix.open(store, place).model()
        : Model.of(CheckpointReader.openTensors(store, place));
  }

  /** A folder may have a plus in its name. */
  private static boolean isFolder(ObjectSource store, ModelReference reference, Placing locate) {
    try {
      return !store.list(locate.of(reference)).isEmpty();
    } catch (IOException e) {
      return false; // what stands in its parts' way will be said of them
    }
  }

  private static Model base(ObjectSource store, Location folder, boolean isDonor)
      throws IOException {
    if (GgufFile.isNamed(folder.name()) && store.find(folder).isPresent()) {
      return GgufModel.open(store, folder);
    }
    if (isSharded(store, folder)) {
      return ShardedModel.open(store, folder);
    }
    try {
      Checkpoint checkpoint =
          isDonor
              ? CheckpointReader.openWithFolders(store, folder)
              : CheckpointReader.open(store, folder);
      return QuantisationFiles.read(store, Model.of(checkpoint));
    } catch (UserException e) {
      throw Adapter.isAt(store, folder) ? Adapter.alone(store, folder) : e;
    }
  }

  private static boolean isSharded(ObjectSource store, Location folder) {
    try {
      return ShardedModel.isOne(store.list(folder));
    } catch (IOException e) {
      return false; // what stands in the way is said of a plain folder
    }
  }

  private static OpenedModel baked(
      ObjectSource store, ModelReference reference, Placing locate, boolean isDonor)
      throws IOException {
    Model base = base(store, locate.of(reference.base()), isDonor);
    List<Adapter> adapters = new ArrayList<>();
    for (ModelReference adapter : reference.adapters()) {
      adapters.add(Adapter.open(store, locate.of(adapter)));
    }
    Adapters baked = Adapters.bake(base, reference.path(), reference.base().path(), adapters);
    return new OpenedModel(Optional.of(baked.model()), baked.notices(), "");
  }

  private static OpenedModel plain(Model model) {
    return new OpenedModel(Optional.of(model), List.of(), "");
  }

  /** Says where a part of a name leads, if that is to be had. */
  interface Placing {
    Location of(ModelReference part) throws IOException;
  }

  private interface Opening {
    OpenedModel open() throws IOException;
  }

  private static OpenedModel by(Opening opening) {
    try {
      return opening.open();
    } catch (UserException e) {
      return new OpenedModel(Optional.empty(), List.of(), e.getMessage());
    } catch (IOException e) {
      return new OpenedModel(Optional.empty(), List.of(), StorageException.of(e).getMessage());
    }
  }

  void tell(Consumer<OpenedModel> opened, Consumer<String> failed) {
    if (model.isPresent()) {
      opened.accept(this);
    } else {
      failed.accept(problem);
    }
  }
}
