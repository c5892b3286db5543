package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** A model whose headers are read, or what is wrong with it. */
record OpenedModel(Optional<Model> model, String problem) {

  static OpenedModel at(ObjectSource store, Location folder) {
    return by(() -> model(store, CheckpointReader.open(store, folder)));
  }

  /** The model that gives configuration and companions. */
  static OpenedModel donorAt(ObjectSource store, Location folder) {
    return by(() -> model(store, CheckpointReader.openWithFolders(store, folder)));
  }

  /** Statistics of a model: a file or a folder. */
  static OpenedModel ofStatistics(ObjectSource store, Location place) {
    return by(() -> Model.of(CheckpointReader.openTensors(store, place)));
  }

  private static Model model(ObjectSource store, Checkpoint checkpoint) throws IOException {
    return QuantisationFiles.read(store, Model.of(checkpoint));
  }

  private interface Opening {
    Model open() throws IOException;
  }

  private static OpenedModel by(Opening opening) {
    try {
      return new OpenedModel(Optional.of(opening.open()), "");
    } catch (UserException e) {
      return new OpenedModel(Optional.empty(), e.getMessage());
    } catch (IOException e) {
      return new OpenedModel(Optional.empty(), StorageException.of(e).getMessage());
    }
  }

  void tell(Consumer<Model> opened, Consumer<String> failed) {
    model.ifPresentOrElse(opened, () -> failed.accept(problem));
  }
}
