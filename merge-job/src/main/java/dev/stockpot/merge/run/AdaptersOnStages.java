package dev.stockpot.merge.run;

import dev.stockpot.merge.adapter.Adapter;
import dev.stockpot.merge.adapter.Adapters;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.checkpoint.Surroundings;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts adapters on what stages make. */
final class AdaptersOnStages {
  private final Places places;
  private final Map<ModelReference, Adapter> opened = new HashMap<>();
  private final Map<ModelReference, Model> alone = new LinkedHashMap<>();
  private final Set<String> told = new LinkedHashSet<>();

  AdaptersOnStages(Places places) {
    this.places = places;
  }

  /** A stage with the adapters that its name says. */
  Model bake(ModelReference named, Model stage) throws IOException {
    List<Adapter> above = new ArrayList<>();
    for (ModelReference adapter : named.adapters()) {
      if (!opened.containsKey(adapter)) {
        opened.put(adapter, Adapter.open(places.store(), places.required(adapter)));
      }
      above.add(opened.get(adapter));
    }
    Adapters done = Adapters.bake(stage, named.path(), named.base().path(), above);
    alone.put(named, adaptersAlone(done.model(), above));
    told.addAll(done.notices());
    return done.model();
  }

  /** What is read for stages with adapters, beside the stages. */
  Map<ModelReference, Model> models() {
    return Collections.unmodifiableMap(alone);
  }

  List<String> notices() {
    return List.copyOf(told);
  }

  private static Model adaptersAlone(Model model, List<Adapter> adapters) {
    return new Model(
        model.folder(),
        Map.of(),
        ModelConfig.of(JsonObject.EMPTY),
        "",
        adapters.stream().map(Adapter::file).toList(),
        Map.of(),
        Surroundings.UNKNOWN);
  }
}
