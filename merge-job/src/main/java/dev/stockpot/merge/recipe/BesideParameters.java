package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Parameter.Scope;
import java.util.Optional;

/**
 * What a parameter would do that stands beside {@code parameters} and not in it, where nobody heeds
 * it.
 */
record BesideParameters(Optional<MergeMethod> method) {

  /**
   * What to do with it.
   *
   * @param level of the mapping that it stands in
   */
  String remedy(MapNode.Entry entry, Optional<Level> level) {
    if (method.isEmpty()) {
      return "put it under `parameters`";
    }
    Optional<Parameter<?>> own =
        method.get().parameters().stream()
            .filter(parameter -> parameter.name().equals(entry.key()))
            .findFirst();
    if (own.isEmpty()) {
      return "%s does not have it either, so remove the line".formatted(method.get().name());
    }
    Parameter<?> parameter = own.get();
    boolean isOfMerge = parameter.scope() == Scope.MERGE && level.equals(Optional.of(Level.MODEL));
    String where = isOfMerge ? "under the `parameters` of the recipe" : "under `parameters`";
    Optional<Object> standard = parameter.plainStandard();
    if (standard.isEmpty()) {
      return "put it %s, where %s needs it".formatted(where, method.get().name());
    }
    return isStandard(parameter, entry.value())
        ? "remove the line, as `%s` is %s anyway".formatted(entry.key(), shown(standard.get()))
        : "put it %s to have it in place of the default, %s"
            .formatted(where, shown(standard.get()));
  }

  private static boolean isStandard(Parameter<?> parameter, Node value) {
    return value instanceof ScalarNode scalar
        && parameter.plainStandard().equals(Optional.of(scalar.as(parameter.range())));
  }

  private static String shown(Object value) {
    boolean isWhole = value instanceof Double number && number == Math.rint(number);
    return isWhole ? String.valueOf(((Double) value).longValue()) : String.valueOf(value);
  }
}
