package dev.stockpot.merge.recipe;

import static java.util.Collections.unmodifiableMap;
import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Arity;
import dev.stockpot.kernels.method.MergeMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A recipe whose parts are read and whose rules are still to be checked.
 *
 * @param methodLine where problems of the recipe as a whole are reported
 * @param statistics checkpoints of side inputs of the whole merge, by their kinds
 * @param doubtful slices of which some model could not be read: that is a problem already, and what
 *     their models are together cannot be known
 * @param isBaseUnreadable whether a base model was given that could not be read
 */
record Draft(
    MergeMethod method,
    int methodLine,
    Optional<ModelReference> base,
    List<Slice> slices,
    boolean wholeModels,
    ParameterBlock parameters,
    Map<String, ModelReference> statistics,
    Set<Slice> doubtful,
    boolean isBaseUnreadable) {

  Draft {
    requireNonNull(method, "method is null");
    requireNonNull(base, "base is null");
    requireNonNull(parameters, "parameters is null");
    slices = List.copyOf(slices);
    statistics = unmodifiableMap(new TreeMap<>(statistics)); // one order, in which faults are told
    doubtful = Set.copyOf(doubtful);
  }

  /** The same with other slices, in the same order. */
  Draft with(List<Slice> others) {
    Set<Slice> stillDoubtful = new HashSet<>();
    for (int i = 0; i < others.size(); i++) {
      if (doubtful.contains(slices.get(i))) {
        stillDoubtful.add(others.get(i));
      }
    }
    return new Draft(
        method,
        methodLine,
        base,
        others,
        wholeModels,
        parameters,
        statistics,
        stillDoubtful,
        isBaseUnreadable);
  }

  Arity arity() {
    return method.arity();
  }

  Optional<ModelReference> baseOf(Slice slice) {
    return slice.base().or(() -> base);
  }

  boolean isOrigin(Slice slice, Source source) {
    return arity().takesOrigin() && baseOf(slice).filter(source.model()::equals).isPresent();
  }
}
