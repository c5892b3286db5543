package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.merge.recipe.ResolvedParameters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds values that change nothing: whatever else the parameter were, the programs of all tensors
 * would be the same. Values that are the default are nobody's mistake.
 */
final class IdleValues {
  private final MergeMethod method;
  private final Set<Given> effective = new HashSet<>();
  private final Map<Given, TensorTerms> idle = new LinkedHashMap<>();

  IdleValues(MergeMethod method) {
    this.method = method;
  }

  /**
   * A value in a recipe.
   *
   * @param line where it is given
   */
  record Given(String parameter, int line) {}

  /**
   * A value that changes nothing.
   *
   * @param unless with what of another parameter it would, in words that follow "it counts with"
   */
  record Idle(Given given, Optional<String> unless) {}

  /** Looks at one tensor. */
  void look(TensorTerms terms, RouteValues values) {
    for (Parameter<?> parameter : method.parameters()) {
      Stream<ResolvedParameters> holders =
          parameter.scope() == Scope.MERGE ? Stream.of(values.merge()) : values.models().stream();
      holders
          .map(holder -> holder.line(parameter.name()))
          .filter(OptionalInt::isPresent)
          .mapToInt(OptionalInt::getAsInt)
          .distinct()
          .mapToObj(line -> new Given(parameter.name(), line))
          .filter(given -> parameter.standard().isPresent() && !effective.contains(given))
          .toList()
          .forEach(given -> look(parameter, given, terms, values.models()));
    }
  }

  private void look(
      Parameter<?> parameter, Given given, TensorTerms terms, List<ResolvedParameters> models) {
    Set<Integer> places = new HashSet<>();
    for (int i = 0; i < models.size(); i++) {
      if (models.get(i).line(parameter.name()).equals(OptionalInt.of(given.line()))) {
        places.add(i);
      }
    }
    TensorTerms usual = with(terms, parameter, places, parameter.plainStandard().orElseThrow());
    if (usual.equals(terms)) {
      return;
    }
    if (matters(parameter, terms, places)) {
      effective.add(given);
      idle.remove(given);
    } else {
      idle.merge(given, terms, IdleValues::larger);
    }
  }

  /** A tensor of more dimensions has more to choose. */
  private static TensorTerms larger(TensorTerms a, TensorTerms b) {
    return b.shape().dimensions().size() > a.shape().dimensions().size() ? b : a;
  }

  /** Whether some other value gives another program; also where no other makes sense. */
  private boolean matters(Parameter<?> parameter, TensorTerms terms, Set<Integer> places) {
    List<TensorTerms> others =
        probes(parameter)
            .map(value -> with(terms, parameter, places, value))
            .filter(other -> !other.equals(terms) && method.problemWith(other).isEmpty())
            .toList();
    Object program = program(terms);
    return others.isEmpty() || others.stream().anyMatch(other -> !program(other).equals(program));
  }

  /** What makes the tensor, of whichever kind. */
  private Object program(TensorTerms terms) {
    Optional<MatrixProgram> matrix = method.matrixProgram(terms);
    return matrix.isPresent() ? matrix.get() : method.program(terms);
  }

  private static Stream<Object> probes(Parameter<?> parameter) {
    List<Object> probes = new ArrayList<>(choices(parameter.range()));
    parameter.plainStandard().ifPresent(probes::add);
    probes.addAll(List.of(0.0, 0.5, 1.0, 2.0, true, false));
    return probes.stream().filter(value -> parameter.range().problemWith(value).isEmpty());
  }

  /** The terms with another value: of the merge, or of the models in some places. */
  private static TensorTerms with(
      TensorTerms terms, Parameter<?> parameter, Set<Integer> places, Object value) {
    boolean isOfMerge = parameter.scope() == Scope.MERGE;
    List<ParameterValues> models = new ArrayList<>();
    for (int i = 0; i < terms.models().size(); i++) {
      ParameterValues values = terms.models().get(i);
      models.add(!isOfMerge && places.contains(i) ? with(values, parameter, value) : values);
    }
    return new TensorTerms(
        terms.tensor(),
        terms.shape(),
        terms.depth(),
        models,
        terms.base(),
        isOfMerge ? with(terms.merge(), parameter, value) : terms.merge(),
        terms.seed(),
        terms.sides(),
        terms.role());
  }

  private static ParameterValues with(
      ParameterValues values, Parameter<?> parameter, Object value) {
    Map<String, Object> changed = new TreeMap<>(values.values());
    changed.put(parameter.name(), value);
    return new ParameterValues(changed);
  }

  /**
   * All that changed nothing in any tensor, but for what only happens to: weights that add up to 1
   * need no division, and nobody asked for other weights.
   */
  List<Idle> found() {
    List<Idle> found = new ArrayList<>();
    idle.forEach(
        (given, terms) -> {
          Parameter<?> parameter =
              method.parameters().stream()
                  .filter(known -> known.name().equals(given.parameter()))
                  .findFirst()
                  .orElseThrow();
          if (unless(parameter, terms, Parameter::isRequired).isEmpty()) {
            found.add(new Idle(given, unless(parameter, terms, other -> !other.isRequired())));
          }
        });
    return found;
  }

  /** Another parameter with which the value would count. */
  private Optional<String> unless(
      Parameter<?> parameter, TensorTerms terms, Predicate<Parameter<?>> among) {
    Set<Integer> all = new HashSet<>(terms.besideBase());
    for (Parameter<?> other : method.parameters()) {
      boolean isOther = !other.equals(parameter) && among.test(other);
      for (Object value : isOther ? probes(other).toList() : List.of()) {
        TensorTerms switched = with(terms, other, all, value);
        if (!switched.equals(terms)
            && method.problemWith(switched).isEmpty()
            && matters(parameter, switched, all)) {
          return Optional.of(
              value instanceof Double
                  ? "another `%s`".formatted(other.name())
                  : "`%s: %s`".formatted(other.name(), value));
        }
      }
    }
    return Optional.empty();
  }

  private static List<Object> choices(Range<?> range) {
    if (range instanceof Range.Words words) {
      return List.copyOf(words.words());
    }
    if (range instanceof Range.OneOf<?> words) {
      return words.values().stream().<Object>map(Object::toString).toList();
    }
    return range instanceof Range.Flag ? List.of(true, false) : List.of();
  }
}
