package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import java.util.Optional;

/** Which parameters a method has, and where a recipe may give them. */
final class ParameterNames {
  private final MergeMethod method;

  ParameterNames(MergeMethod method) {
    this.method = method;
  }

  Optional<Parameter<?>> named(String name) {
    return method.parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst();
  }

  /** Why a parameter cannot be given in this place, and what to do. */
  Optional<String> problemWith(String name, Level level) {
    Optional<Parameter<?>> parameter = named(name);
    if (parameter.isEmpty()) {
      return Optional.of("%s has no parameter `%s`; remove it".formatted(method.name(), name));
    }
    if (parameter.get().scope() == Scope.MERGE && level == Level.MODEL) {
      return Optional.of(
          "`%s` has one value for all models; move it to the `parameters` of the recipe"
              .formatted(name));
    }
    return Optional.empty();
  }
}
