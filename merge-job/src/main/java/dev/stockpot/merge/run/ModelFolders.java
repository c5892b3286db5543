package dev.stockpot.merge.run;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.vocabulary.Vocabularies;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Where the models lie that a recipe names for their tokens alone. */
final class ModelFolders implements Vocabularies.Folders {
  private final ObjectSource store;
  private final Function<ModelReference, Location> locate;
  private final OneFolder folders;

  ModelFolders(ObjectSource store, Function<ModelReference, Location> locate) {
    this.store = store;
    this.locate = locate;
    this.folders = new OneFolder(locate);
  }

  @Override
  public Optional<ModelReference> among(ModelReference named, Collection<ModelReference> models) {
    return models.stream().filter(model -> folders.isOf(named, model)).findFirst();
  }

  @Override
  public Map<String, StoredObject> files(ModelReference model) throws IOException {
    Location folder = locate.apply(model);
    Map<String, StoredObject> files = new LinkedHashMap<>();
    for (StoredObject file : store.list(folder)) {
      files.put(file.location().name(), file);
    }
    return files;
  }
}
