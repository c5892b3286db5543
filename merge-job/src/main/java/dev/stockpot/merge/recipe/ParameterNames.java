package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which parameters a method has, and where a recipe may give them. */
final class ParameterNames {
  private final MergeMethod method;
  private final Set<String> elsewhere;

  ParameterNames(MergeMethod method) {
    this(method, Set.of());
  }

  /**
   * The names of a method.
   *
   * @param elsewhere the parameters of any method, which people leave in recipes when they change
   *     the method
   */
  ParameterNames(MergeMethod method, Collection<String> elsewhere) {
    this.method = method;
    this.elsewhere = Set.copyOf(elsewhere);
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
      return Optional.of(
          "%s has no parameter `%s`; %s".formatted(method.name(), name, remedy(name)));
    }
    if (parameter.get().scope() == Scope.MERGE && level == Level.MODEL) {
      return Optional.of(
          "`%s` has one value for all models; move it to the `parameters` of the recipe"
              .formatted(name));
    }
    return Optional.empty();
  }

  private String remedy(String name) {
    List<String> own = method.parameters().stream().map(Parameter::name).toList();
    if (elsewhere.contains(name) || own.isEmpty()) {
      return "remove the line";
    }
    return Suggestion.closest(name, own)
        .map("did you mean `%s`? "::formatted)
        .map(question -> question + "It has ")
        .orElse("it has ")
        .concat(Suggestion.quoted(own));
  }
}
