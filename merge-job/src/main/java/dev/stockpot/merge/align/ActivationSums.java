package dev.stockpot.merge.align;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import dev.stockpot.merge.model.TensorSource;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What two models do at the same inputs of a module on the same examples, whose places are units.
 *
 * @param module that has these inputs
 * @param products sums of the products of each of the first model's with each of the other's
 * @param scale what makes means of them, and of the sums beside them
 * @param along what lies along the inputs
 */
public record ActivationSums(
    String module,
    TensorSource products,
    double scale,
    Side one,
    Side other,
    List<UnitsAlong> along)
    implements Serializable {

  /**
   * What one of the models does.
   *
   * @param sums of each place
   * @param squares of each place, or the Gram matrix on whose diagonal they are
   * @param squareScale what makes means of these
   */
  public record Side(TensorSource sums, TensorSource squares, double squareScale)
      implements Serializable {
    public Side {
      requireNonNull(sums, "sums are null");
      requireNonNull(squares, "squares are null");
    }
  }

  public ActivationSums {
    requireNonNull(module, "module is null");
    requireNonNull(products, "products are null");
    along = List.copyOf(along);
  }

  /** What is read: products, sums and squares of the first model, and of the other. */
  public List<TensorSource> sources() {
    return List.of(products, one.sums(), one.squares(), other.sums(), other.squares());
  }

  Set<String> groups() {
    return along.stream().map(UnitsAlong::group).collect(Collectors.toUnmodifiableSet());
  }

  /** Bytes of all of that in a task's memory. */
  long memory() {
    return sources().stream()
        .map(source -> source.footprint(ElementSpan.all(source.shape())))
        .mapToLong(Footprint::memory)
        .sum();
  }
}
