package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import dev.stockpot.kernels.method.ParameterValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the values of a recipe's parameters for one tensor. The innermost block that has a value
 * for the tensor counts: a block whose filters all pass a tensor by leaves it to the next one.
 *
 * <p>{@code t} is the depth in the slice, 0 for its first layer, 1 for its last.
 */
public final class ParameterLookup {
  private final Recipe recipe;
  private final FilterUse filters = new FilterUse();

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
        recipe.method().parameters(),
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
    Stream<ParameterBlock> ofModels = slice.sources().stream().map(Source::parameters);
    Stream<ParameterBlock> ofSteps = recipe.post().stream().map(ChosenStep::parameters);
    return Stream.of(Stream.of(slice.parameters(), recipe.parameters()), ofModels, ofSteps)
        .flatMap(blocks -> blocks)
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
    return resolve(
        recipe.method().parameters(),
        Scope.MERGE,
        List.of(slice.parameters(), recipe.parameters()),
        outputTensor,
        t);
  }

  /** Parameters of a step behind the merge: its own, else the default. */
  public ResolvedParameters stepValues(ChosenStep step, String outputTensor, double t) {
    return resolve(
        step.step().parameters(), Scope.MERGE, List.of(step.parameters()), outputTensor, t);
  }

  /** Which values no tensor got, once all tensors have been looked up. */
  public List<UnusedValue> unused() {
    Set<UnusedValue> unused = new LinkedHashSet<>(filters.unused());
    addOverridden(recipe.parameters(), "every model, or slice, has its own", unused);
    for (Slice slice : recipe.slices()) {
      addOverridden(slice.parameters(), "every model in the slice has its own", unused);
      for (Source source : slice.sources()) {
        String reason =
            recipe.isMerged(slice, source)
                ? "none of the model's tensors is merged"
                : "the base model is not merged";
        addOverridden(source.parameters(), reason, unused);
      }
    }
    return List.copyOf(unused);
  }

  private void addOverridden(ParameterBlock block, String reason, Set<UnusedValue> unused) {
    block
        .settings()
        .forEach(
            (name, setting) -> {
              if (!filters.isLookedUp(name, setting)) {
                unused.add(new UnusedValue(name, setting.line(), true, reason));
              }
            });
  }

  private ResolvedParameters resolve(
      List<Parameter<?>> parameters,
      Scope scope,
      List<ParameterBlock> innermostFirst,
      String tensor,
      double t) {
    Map<String, Object> values = new HashMap<>();
    List<String> missing = new ArrayList<>();
    Map<String, ParameterSetting> settings = new HashMap<>();
    for (Parameter<?> parameter : parameters) {
      if (parameter.scope() == scope) {
        String name = parameter.name();
        Optional<ParameterSetting> setting = setting(name, innermostFirst, tensor);
        setting.ifPresent(found -> settings.put(name, found));
        setting
            .flatMap(found -> found.at(tensor, t))
            .or(parameter::plainStandard)
            .ifPresentOrElse(found -> values.put(name, found), () -> missing.add(name));
      }
    }
    return new ResolvedParameters(new ParameterValues(values), missing, settings);
  }

  /** The innermost that has a value for the tensor. */
  private Optional<ParameterSetting> setting(
      String parameter, List<ParameterBlock> innermostFirst, String tensor) {
    for (ParameterBlock block : innermostFirst) {
      Optional<ParameterSetting> setting = block.setting(parameter);
      if (setting.isPresent()) {
        filters.lookedUp(parameter, setting.get(), tensor);
        if (setting.get().choice(tensor).isPresent()) {
          return setting;
        }
      }
    }
    return Optional.empty();
  }
}
