package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.Adapter;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Models as a recipe names them: an adapter that was named alone is put on its base.
 *
 * @param base that the others began at, if it is known
 * @param areAdapters whether each of them is an adapter
 * @param remarks what was made of names
 */
record NamedModels(
    List<String> models, Optional<String> base, boolean areAdapters, List<String> remarks) {
  NamedModels {
    models = List.copyOf(models);
    remarks = List.copyOf(remarks);
  }

  static NamedModels of(List<String> named, Optional<String> base, Places places)
      throws IOException {
    List<String> models = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    Optional<String> origin = base;
    int adapters = 0;
    for (String name : named) {
      ModelReference model = new ModelReference(name, 0);
      if (!model.adapters().isEmpty()) {
        origin = origin.or(() -> Optional.of(model.base().path()));
      }
      boolean isAdapter = !model.isPattern() && isAdapter(model, places);
      if (isAdapter && origin.isEmpty()) {
        origin = Optional.of(baseOf(name, places));
        remarks.add("The adapters say that their base is %s.".formatted(origin.get()));
      }
      adapters += isAdapter || !model.adapters().isEmpty() ? 1 : 0;
      models.add(isAdapter ? origin.get() + "+" + name : model.path());
    }
    return new NamedModels(models, origin, adapters == named.size(), remarks);
  }

  private static boolean isAdapter(ModelReference model, Places places) throws IOException {
    return model.adapters().isEmpty() && Adapter.isAt(places.store(), places.required(model));
  }

  private static String baseOf(String adapter, Places places) throws IOException {
    Location folder = places.required(adapter);
    String base = Adapter.open(places.store(), folder).baseName();
    if (base.isEmpty()) {
      throw new UserException(
          "%s is an adapter, and does not say of which model. Name that with --base"
              .formatted(adapter));
    }
    return base;
  }
}
