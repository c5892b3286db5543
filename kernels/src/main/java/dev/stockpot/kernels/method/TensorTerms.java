package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * One tensor's merge with every parameter resolved.
 *
 * @param tensor name of the output tensor
 * @param shape its shape, which all inputs share
 * @param depth its layer's place among the layers, 0 for the first to 1 for the last; 0 for tensors
 *     outside the layers
 * @param models parameters of each input, in recipe order; those of a base that is no model may be
 *     empty
 * @param base which of the inputs is the base model
 * @param merge parameters of the merge as a whole
 * @param seed of random drops
 * @param sides side inputs that are there, in the order of their operands, which follow the models'
 * @param role what the tensor is for
 */
public record TensorTerms(
    String tensor,
    Shape shape,
    double depth,
    List<ParameterValues> models,
    OptionalInt base,
    ParameterValues merge,
    long seed,
    List<SideInput.Given> sides,
    TensorRole role) {

  public TensorTerms {
    requireNonNull(role, "role is null");
    models = List.copyOf(models);
    sides = List.copyOf(sides);
    if (models.isEmpty()) {
      throw new IllegalArgumentException("%s has no inputs".formatted(tensor));
    }
    if (base.isPresent() && (base.getAsInt() < 0 || base.getAsInt() >= models.size())) {
      throw new IllegalArgumentException(
          "base is input %s of %s".formatted(base.getAsInt(), models.size()));
    }
  }

  /** Terms of an inner tensor without side inputs. */
  public TensorTerms(
      String tensor,
      Shape shape,
      double depth,
      List<ParameterValues> models,
      OptionalInt base,
      ParameterValues merge,
      long seed) {
    this(tensor, shape, depth, models, base, merge, seed, List.of(), TensorRole.INNER);
  }

  /** The same tensor for a step behind the merge, which has values of its own. */
  public TensorTerms with(ParameterValues ofStep) {
    return new TensorTerms(tensor, shape, depth, models, base, ofStep, seed, sides, role);
  }

  /** The same tensor for a step that looks at other tensors beside the models. */
  public TensorTerms beside(List<SideInput.Given> others) {
    return new TensorTerms(tensor, shape, depth, models, base, merge, seed, others, role);
  }

  /** The same with the base model behind all others; it has no parameters. */
  public TensorTerms withBaseBehind() {
    List<ParameterValues> all = new ArrayList<>(models);
    all.add(ParameterValues.NONE);
    OptionalInt last = OptionalInt.of(models.size());
    return new TensorTerms(tensor, shape, depth, all, last, merge, seed, List.of(), role);
  }

  /** Place among the operands of a side input of the whole merge; empty if it is not there. */
  public OptionalInt sideOf(SideInput input) {
    return place(input, OptionalInt.empty());
  }

  /** Place among the operands of a side input of one model; empty if it is not there. */
  public OptionalInt sideOf(SideInput input, int model) {
    return place(input, OptionalInt.of(model));
  }

  /**
   * What is known of a side input that is there.
   *
   * @param place among the operands
   */
  public SideInput.Facts factsAt(int place) {
    return sides.get(place - models.size()).facts();
  }

  private OptionalInt place(SideInput input, OptionalInt model) {
    return IntStream.range(0, sides.size())
        .filter(place -> sides.get(place).isOf(input, model))
        .map(place -> models.size() + place)
        .findFirst();
  }

  /**
   * Place of the base model among the inputs, for a method that cannot do without.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int baseOf(String method) {
    return base.orElseThrow(() -> new IllegalArgumentException(method + " has no base model"));
  }

  /** Places of the inputs that are not the base, in order. */
  public List<Integer> besideBase() {
    int origin = base.orElse(-1);
    return IntStream.range(0, models.size()).filter(input -> input != origin).boxed().toList();
  }
}
