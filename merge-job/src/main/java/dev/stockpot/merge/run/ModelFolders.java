package dev.stockpot.merge.run;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.vocabulary.Vocabularies;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where the models lie that a recipe names for their tokens alone; some are stages. */
final class ModelFolders implements Vocabularies.Folders {
  private final Places places;
  private final Map<ModelReference, Model> stages;
  private final OneFolder folders;

  /**
   * Of one recipe.
   *
   * @param stages that it may name, with adapters on top where it names them so
   */
  ModelFolders(Places places, Map<ModelReference, Model> stages) {
    this.places = places;
    this.stages = new HashMap<>(stages);
    this.folders = new OneFolder(places::of, this.stages::containsKey);
  }

  @Override
  public Optional<ModelReference> among(ModelReference named, Collection<ModelReference> models) {
    return models.stream().filter(model -> folders.isOf(named, model)).findFirst();
  }

  @Override
  public Map<String, StoredObject> files(ModelReference model) throws IOException {
    if (stages.containsKey(model)) {
      return stages.get(model).companions();
    }
    Location folder = places.required(model.path());
    Map<String, StoredObject> files = new LinkedHashMap<>();
    for (StoredObject file : places.store().list(folder)) {
      files.put(file.location().name(), file);
    }
    return files;
  }
}
