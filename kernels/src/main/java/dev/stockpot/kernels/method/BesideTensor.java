package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What a {@link PostStep} looks at beside a tensor: another tensor of the same module, of each
 * model, or a statistic of that module.
 *
 * @param kind of the statistics that it lies in; empty for a tensor of the models themselves
 * @param scope whether each model but the base has one, or the whole merge has one
 * @param ending of its name, behind the module's
 * @param need whether a recipe may leave the statistics out
 */
public record BesideTensor(
    Optional<String> kind, Parameter.Scope scope, String ending, SideInput.Need need) {
  public BesideTensor {
    requireNonNull(kind, "kind is null");
    requireNonNull(scope, "scope is null");
    requireNonNull(ending, "ending is null");
    requireNonNull(need, "need is null");
  }

  /** A tensor of each model. */
  public static BesideTensor sibling(String ending) {
    return new BesideTensor(
        Optional.empty(), Parameter.Scope.MODEL, ending, SideInput.Need.OPTIONAL);
  }

  /** A statistic of each model. */
  public static BesideTensor ofModels(String kind, String ending) {
    return new BesideTensor(
        Optional.of(kind), Parameter.Scope.MODEL, ending, SideInput.Need.REQUIRED);
  }

  /** A statistic of the merge, of which a step needs one kind at least. */
  public static BesideTensor ofMerge(String kind, String ending) {
    return new BesideTensor(
        Optional.of(kind), Parameter.Scope.MERGE, ending, SideInput.Need.ALTERNATIVE);
  }

  /** The module of a tensor: its name without the last word. */
  public static String module(String tensor) {
    return tensor.substring(0, Math.max(0, tensor.lastIndexOf('.')));
  }

  /** What it is called beside a tensor. */
  public String beside(String tensor) {
    return module(tensor) + "." + ending;
  }

  /** What is known of it but its elements, where it is there. */
  public SideInput.Given given(OptionalInt model, SideInput.Facts facts) {
    return new SideInput.Given(key(), model, facts);
  }

  /** Places among the operands: one for each model, or one; empty where it is not there. */
  public List<Integer> places(TensorTerms terms) {
    return IntStream.range(0, terms.sides().size())
        .filter(place -> terms.sides().get(place).name().equals(key()))
        .mapToObj(place -> terms.models().size() + place)
        .toList();
  }

  private String key() {
    return "%s %s %s".formatted(kind.orElse("model"), scope, ending);
  }
}
