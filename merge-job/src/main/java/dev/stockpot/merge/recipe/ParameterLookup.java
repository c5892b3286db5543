package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import dev.stockpot.kernels.method.ParameterValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the values of a recipe's parameters for one tensor. The innermost block that has a value
 * for the tensor counts: a block whose filters all pass a tensor by leaves it to the next one.
 *
 * <p>{@code t} is the depth in the slice, 0 for its first layer, 1 for its last.
 */
public final class ParameterLookup {
  private final Recipe recipe;

  public ParameterLookup(Recipe recipe) {
    this.recipe = requireNonNull(recipe, "recipe is null");
  }

  /**
   * Parameters of one model: from its own block, else the slice's, else the recipe's, else the
   * default. A base model that is not merged has none.
   *
   * @param inputTensor the tensor's name in that model, which filters are matched against
   */
  public ResolvedParameters modelValues(Slice slice, Source source, String inputTensor, double t) {
    if (!recipe.isMerged(slice, source)) {
      return ResolvedParameters.NONE;
    }
    return resolve(
        Scope.MODEL,
        List.of(source.parameters(), slice.parameters(), recipe.parameters()),
        inputTensor,
        t);
  }

  /** Whether the method or some parameter asks for the depth of the layers of a slice. */
  public boolean followsDepth(Slice slice) {
    return recipe.method().followsDepth() || hasGradients(slice);
  }

  private boolean hasGradients(Slice slice) {
    return Stream.concat(
            Stream.of(slice.parameters(), recipe.parameters()),
            slice.sources().stream().map(Source::parameters))
        .flatMap(block -> block.settings().values().stream())
        .flatMap(setting -> setting.choices().stream())
        .anyMatch(choice -> choice.value().changes());
  }

  /**
   * Parameters of the merge as a whole: from the slice's block, else the recipe's, else the
   * default.
   *
   * @param outputTensor the tensor's name in the output, which filters are matched against
   */
  public ResolvedParameters mergeValues(Slice slice, String outputTensor, double t) {
    return resolve(Scope.MERGE, List.of(slice.parameters(), recipe.parameters()), outputTensor, t);
  }

  private ResolvedParameters resolve(
      Scope scope, List<ParameterBlock> innermostFirst, String tensor, double t) {
    Map<String, Object> values = new HashMap<>();
    List<String> missing = new ArrayList<>();
    for (Parameter<?> parameter : recipe.method().parameters()) {
      if (parameter.scope() == scope) {
        Optional<Object> value =
            innermostFirst.stream()
                .flatMap(block -> block.setting(parameter.name()).stream())
                .flatMap(setting -> setting.at(tensor, t).stream())
                .findFirst()
                .or(parameter::plainStandard);
        value.ifPresentOrElse(
            found -> values.put(parameter.name(), found), () -> missing.add(parameter.name()));
      }
    }
    return new ResolvedParameters(new ParameterValues(values), missing);
  }
}
