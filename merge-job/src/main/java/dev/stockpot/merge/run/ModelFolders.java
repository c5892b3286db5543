package dev.stockpot.merge.run;

import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.vocabulary.Vocabularies;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where the models lie that a recipe names for their tokens alone. */
final class ModelFolders implements Vocabularies.Folders {
  private final Places places;
  private final OneFolder folders;

  ModelFolders(Places places) {
    this.places = places;
    this.folders = new OneFolder(places::of);
  }

  @Override
  public Optional<ModelReference> among(ModelReference named, Collection<ModelReference> models) {
    return models.stream().filter(model -> folders.isOf(named, model)).findFirst();
  }

  @Override
  public Map<String, StoredObject> files(ModelReference model) throws IOException {
    Location folder = places.required(model.path());
    Map<String, StoredObject> files = new LinkedHashMap<>();
    for (StoredObject file : places.store().list(folder)) {
      files.put(file.location().name(), file);
    }
    return files;
  }
}
