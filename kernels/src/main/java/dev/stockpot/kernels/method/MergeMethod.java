package dev.stockpot.kernels.method;

import dev.stockpot.kernels.random.Numbers;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A rule that makes one tensor of several. It is written once, over the vector algebra of {@link
 * dev.stockpot.kernels.Kernels}; which processor runs it is no concern of its own.
 *
 * <p>One of your own is found where its jar names it in {@code
 * META-INF/services/dev.stockpot.kernels.method.MergeMethod}. The smallest there is:
 *
 * <pre>{@code
 * import dev.stockpot.kernels.Kernels;
 * import dev.stockpot.kernels.method.Arity;
 * import dev.stockpot.kernels.method.BlockMerge;
 * import dev.stockpot.kernels.method.Cost;
 * import dev.stockpot.kernels.method.MergeMethod;
 * import dev.stockpot.kernels.method.MergeProgram;
 * import dev.stockpot.kernels.method.MethodCard;
 * import dev.stockpot.kernels.method.Parameter;
 * import dev.stockpot.kernels.method.TensorTerms;
 * import java.util.List;
 *
 * public final class Midpoint implements MergeMethod {
 *   public String name() {
 *     return "midpoint";
 *   }
 *
 *   public MethodCard card() {
 *     return new MethodCard("between two", "θ = ½ (θ₁ + θ₂)", "An example.", "none", Cost.SUM);
 *   }
 *
 *   public List<Parameter<?>> parameters() {
 *     return List.of();
 *   }
 *
 *   public Arity arity() {
 *     return new Arity(Arity.Base.DONOR, 2, 2);
 *   }
 *
 *   public MergeProgram program(TensorTerms terms) {
 *     return new Program();
 *   }
 *
 *   private record Program() implements MergeProgram {
 *     public <V> BlockMerge open(Kernels<V> kernels) {
 *       V sum = kernels.vector();
 *       V second = kernels.vector();
 *       return (block, operands, output) -> {
 *         kernels.begin(block);
 *         kernels.load(operands.get(0), sum);
 *         kernels.load(operands.get(1), second);
 *         kernels.add(sum, second, sum);
 *         kernels.scale(sum, 0.5f, sum);
 *         kernels.store(sum, output);
 *       };
 *     }
 *   }
 * }
 * }</pre>
 */
public interface MergeMethod {

  /** The word that a recipe uses, for example {@code dare_ties}. */
  String name();

  /** Formula, purpose and source, for {@code stockpot methods NAME}. */
  MethodCard card();

  List<Parameter<?>> parameters();

  /** How many models it takes, and what it makes of the base model. */
  Arity arity();

  /** Checkpoints of statistics that it reads beside the models. */
  default List<SideInput> sideInputs() {
    return List.of();
  }

  /** Checkpoints that it makes beside the merged one. */
  default List<SideOutput> sideOutputs() {
    return List.of();
  }

  /**
   * Whether it makes rounds, one after the other, from a base model and what came since: a recipe
   * says which one, {@code round: {strategy: NAME, number: 3}}, and its state lies beside the
   * model.
   */
  default boolean isRound() {
    return false;
  }

  /** What is wrong with values that are each in range but make no sense together. */
  default Optional<String> problemWith(TensorTerms terms) {
    return Optional.empty();
  }

  /**
   * What a user should know of values that are no fault and yet not what they seem, in one sentence
   * that is the same for all tensors it is true of.
   */
  default Optional<String> notice(TensorTerms terms) {
    return Optional.empty();
  }

  /**
   * What it does with the tensor, where it does not do the same with all, in words that follow
   * their number: {@code "are averaged"}. Plans say it, with names.
   */
  default Optional<String> treatment(TensorTerms terms) {
    return Optional.empty();
  }

  /** Whether the output is the only input, bit for bit, so that no type needs to be understood. */
  default boolean keepsBytes(TensorTerms terms) {
    return false;
  }

  /** Whether it asks for the depth of a tensor's layer, so that it must be known. */
  default boolean followsDepth() {
    return false;
  }

  /**
   * The input that the output is equal to, whatever the others hold: all of them but this one have
   * a weight of zero, for example. So are tensors chosen whose elements cannot be computed with.
   */
  default OptionalInt alone(TensorTerms terms) {
    return keepsBytes(terms) ? OptionalInt.of(0) : OptionalInt.empty();
  }

  /**
   * The numbers that the tensor is to hold, where it is made of no model at all: zeros, or seeded
   * numbers. No program is asked for then.
   */
  default Optional<Numbers> numbers(TensorTerms terms) {
    return Optional.empty();
  }

  /**
   * What makes the tensor of whole tensors, models first, then side inputs, where blocks will not
   * do. No program is asked for then, and no side outputs are made.
   */
  default Optional<MatrixProgram> matrixProgram(TensorTerms terms) {
    return Optional.empty();
  }

  /**
   * The work for one tensor, block by block.
   *
   * @throws IllegalArgumentException if the terms do not fit {@link #arity()} and {@link
   *     #parameters()}
   */
  MergeProgram program(TensorTerms terms);
}
