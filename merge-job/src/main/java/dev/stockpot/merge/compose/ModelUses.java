package dev.stockpot.merge.compose;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What becomes of every tensor of the models that rules take tensors of. */
final class ModelUses {
  private static final int EXAMPLES = 3;

  private final Map<ModelReference, Model> models;
  private final Map<ModelReference, Use> uses = new LinkedHashMap<>();

  private record Use(Set<String> taken, Set<String> leftOut) {}

  ModelUses(Map<ModelReference, Model> models) {
    this.models = models;
  }

  private Use use(ModelReference model) {
    return uses.computeIfAbsent(
        model, any -> new Use(new LinkedHashSet<>(), new LinkedHashSet<>()));
  }

  void take(ModelReference model, String name) {
    use(model).taken().add(name);
  }

  void leaveOut(ModelReference model, String name) {
    use(model).leftOut().add(name);
  }

  /** How many models there are. */
  int count() {
    return uses.size();
  }

  /** The files that their tensors lie in, each once. */
  List<StoredObject> shards() {
    Set<StoredObject> shards = new LinkedHashSet<>();
    uses.keySet().forEach(model -> shards.addAll(models.get(model).shards()));
    return List.copyOf(shards);
  }

  /** What is left out and not taken by another rule, with the model in front. */
  List<String> leftOut() {
    List<String> leftOut = new ArrayList<>();
    uses.forEach(
        (model, use) ->
            use.leftOut().stream()
                .filter(name -> !use.taken().contains(name))
                .forEach(name -> leftOut.add("%s %s".formatted(model, name))));
    return leftOut;
  }

  /** Tensors of which no rule says anything are problems. */
  void report(Problems problems) {
    uses.forEach(
        (model, use) -> {
          Set<String> forgotten = new LinkedHashSet<>(models.get(model).tensors().keySet());
          forgotten.removeAll(use.taken());
          forgotten.removeAll(use.leftOut());
          problems.addIf(
              !forgotten.isEmpty(),
              model.line(),
              "no rule takes %s of %s: %s. Take them, or say that they are left out: {from: %s, match: '…', leave_out: true}"
                  .formatted(
                      forgotten.size() == 1 ? "a tensor" : forgotten.size() + " tensors",
                      model,
                      examples(forgotten),
                      model));
        });
  }

  /** The first few of some names. */
  static String examples(Set<String> names) {
    String some = names.stream().limit(EXAMPLES).collect(joining(", "));
    return names.size() > EXAMPLES ? some + ", …" : some;
  }
}
