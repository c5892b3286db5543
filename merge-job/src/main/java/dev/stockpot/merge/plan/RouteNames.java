package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.recipe.Slice;
import dev.stockpot.merge.recipe.Source;
import dev.stockpot.merge.structure.Structure;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** The names of the tensors of a recipe's models, and how the models are built. */
record RouteNames(Map<ModelReference, Model> models, Map<ModelReference, Structure> structures) {

  /** Of models, how they are built among it. */
  static RouteNames of(Map<ModelReference, Model> models) {
    Map<ModelReference, Structure> structures = new LinkedHashMap<>();
    models.forEach((reference, model) -> structures.put(reference, ConfigTree.structure(model)));
    return new RouteNames(models, structures);
  }

  Structure structure(Source source) {
    return structures.get(source.model());
  }

  /** What an output is for: as the first model that it is made of has it. */
  TensorRole role(Route route) {
    return TensorRoles.of(route.inputs().get(0), structure(route.slice().sources().get(0)));
  }

  Collection<String> of(Source source) {
    return of(source.model());
  }

  Collection<String> of(ModelReference model) {
    return models.get(model).tensors().keySet();
  }

  /** What a model has outside of its blocks, and where nobody doubts that it is outside. */
  List<String> outsideStacks(ModelReference model) {
    Structure structure = structures.get(model);
    return of(model).stream()
        .filter(name -> structure.place(name).isEmpty() && structure.doubt(name).isEmpty())
        .toList();
  }

  /** What some source of a slice has, and is wanted of it. */
  Set<String> of(Slice slice, BiPredicate<Source, String> wanted) {
    Set<String> names = new LinkedHashSet<>();
    for (Source source : slice.sources()) {
      of(source).stream().filter(name -> wanted.test(source, name)).forEach(names::add);
    }
    return names;
  }

  /** How names go on that begin so. */
  List<String> after(Source source, String prefix) {
    return of(source).stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }
}
