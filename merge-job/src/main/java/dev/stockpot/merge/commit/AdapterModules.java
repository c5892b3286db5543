package dev.stockpot.merge.commit;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.output.RankCut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The modules of an adapter in a manifest, and how near each comes to what it was made of. */
final class AdapterModules {
  private static final String KEY = "adapter";

  private AdapterModules() {}

  /** Whether a manifest is of an adapter. */
  static boolean areIn(JsonObject manifest) {
    return !manifest.objects(KEY).isEmpty();
  }

  /** How near an adapter comes to what it was made of, module by module. */
  static JsonObject in(JsonObject manifest, Map<String, RankCut> cuts) {
    List<JsonObject> modules = new ArrayList<>();
    for (String module : NaturalOrder.sort(cuts.keySet(), name -> name)) {
      RankCut cut = cuts.get(module);
      modules.add(
          JsonObject.EMPTY
              .with("module", module)
              .with("rank", cut.rank())
              .with("error", JsonValue.of(cut.error()))
              .with("norm", JsonValue.of(cut.norm()))
              .with("stable_rank", JsonValue.of(cut.stableRank())));
    }
    return modules.isEmpty() ? manifest : manifest.with(KEY, modules);
  }

  /** The modules of an adapter, as a manifest lists them. */
  static Map<String, RankCut> of(JsonObject manifest) {
    Map<String, RankCut> cuts = new TreeMap<>();
    manifest
        .objects(KEY)
        .forEach(
            module ->
                cuts.put(
                    module.text("module"),
                    new RankCut(
                        (int) module.whole("rank", 0),
                        number(module, "norm"),
                        number(module, "error"),
                        number(module, "stable_rank"))));
    return cuts;
  }

  private static double number(JsonObject object, String name) {
    return object
        .get(name)
        .flatMap(value -> value.number().stream().boxed().findFirst())
        .orElse(-1.0);
  }
}
