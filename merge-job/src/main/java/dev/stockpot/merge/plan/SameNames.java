package dev.stockpot.merge.plan;

import dev.stockpot.merge.compare.Described;
import dev.stockpot.merge.compare.Naming;
import dev.stockpot.merge.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Models whose tensors are called, and laid out, as those of the first. */
final class SameNames {
  private SameNames() {}

  static List<Model> of(List<Model> models) {
    Model first = models.get(0);
    List<Model> alike = new ArrayList<>();
    for (Model model : models) {
      Model named = called(first, model).orElse(model);
      alike.add(Relaid.of(first, named, families(first, named)).orElse(named));
    }
    return alike;
  }

  /** A model called as another; empty if it is that already. */
  static Optional<Model> called(Model first, Model model) {
    Naming naming = Naming.of(first.tensors().keySet(), model.tensors().keySet());
    return naming.isNeeded() ? Optional.of(model.renamed(naming::of)) : Optional.empty();
  }

  /** What configurations call their families. */
  private static List<String> families(Model first, Model model) {
    return Stream.of(first, model)
        .map(each -> new Described("", each.config().values()))
        .flatMap(each -> each.families().stream())
        .toList();
  }
}
