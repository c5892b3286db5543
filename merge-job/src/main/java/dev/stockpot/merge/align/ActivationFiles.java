package dev.stockpot.merge.align;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.StatisticLayout;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.List;
import java.util.Optional;

/**
 * Statistics of two models on the same examples.
 *
 * @param together {@code crossgram}, the products of both
 * @param one of the model that stays, {@code gram} or {@code gram_diag}; empty if squares lie in
 *     the products' file, as {@code MODULE.square_a}
 * @param other of the model that is aligned; empty likewise, as {@code MODULE.square_b}
 * @param areWhole whether products within each model are wanted too, and not their squares alone
 */
public record ActivationFiles(
    Named together, Optional<Named> one, Optional<Named> other, boolean areWhole) {
  private static final String REMEDY = "make both of the same examples, with one tool";

  /**
   * A checkpoint of statistics.
   *
   * @param name for messages
   */
  public record Named(String name, StatisticsCheckpoint statistics) {
    public Named {
      requireNonNull(name, "name is null");
      requireNonNull(statistics, "statistics are null");
    }

    private Optional<TensorSource> tensor(String name) {
      return Optional.ofNullable(statistics.model().tensors().get(name));
    }
  }

  /**
   * Statistics, looked at as far as their headers tell.
   *
   * @throws UserException if one is of another kind, is broken, or says neither sum nor mean
   */
  public ActivationFiles {
    require(together, List.of("crossgram"));
    one.ifPresent(it -> require(it, List.of("gram", "gram_diag")));
    other.ifPresent(it -> require(it, List.of("gram", "gram_diag")));
  }

  private static void require(Named file, List<String> kinds) {
    file.statistics()
        .notes()
        .kind()
        .filter(kind -> !kinds.contains(kind))
        .ifPresent(
            kind -> {
              throw new UserException(
                  "%s says that it is `%s`, and not `%s`. Name the file of that kind"
                      .formatted(file.name(), kind, String.join("` or `", kinds)));
            });
    if (!file.statistics().faults().isEmpty()) {
      throw new UserException(
          "%s: %s".formatted(file.name(), String.join("; ", file.statistics().faults())));
    }
    if (file.statistics().notes().isSum().isEmpty()) {
      throw new UserException(
          "%s does not say whether it holds sums or means. Write `normalised` as sum or mean into its metadata"
              .formatted(file.name()));
    }
  }

  /** The axis of a tensor along which inputs lie. */
  int inputAxis() {
    return together.statistics().notes().isTransposed() ? 0 : 1;
  }

  /**
   * What they tell of the inputs of a module; nothing, if they do not have it.
   *
   * @param tensor the module's weight
   * @param along the units along its inputs
   * @throws UserException if what they have does not fit it, or each other
   */
  Optional<ActivationSums> of(String tensor, Shape shape, List<UnitsAlong> along) {
    String module = StatisticLayout.moduleOf(tensor).orElse(tensor);
    Optional<TensorSource> products = together.tensor(module + ".crossgram");
    if (products.isEmpty()) {
      return Optional.empty();
    }
    long inputs = shape.dimensions().get(inputAxis());
    if (!products.get().shape().equals(Shape.of(inputs, inputs))) {
      throw new UserException(
          "%s has %s.crossgram %s, and the models' %s has %s inputs; make it of these models"
              .formatted(together.name(), module, products.get().shape(), tensor, inputs));
    }
    double count = together.statistics().counts().getOrDefault(module, 0.0);
    if (!(count > 0)) {
      throw new UserException(
          "%s has no %s.count of examples; %s".formatted(together.name(), module, REMEDY));
    }
    return Optional.of(
        new ActivationSums(
            module,
            products.get(),
            scale(together, count),
            side(one, "a", tensor, shape, count),
            side(other, "b", tensor, shape, count),
            along));
  }

  private static double scale(Named file, double count) {
    return file.statistics().notes().isSum().orElse(true) ? 1 / count : 1;
  }

  private ActivationSums.Side side(
      Optional<Named> alone, String letter, String tensor, Shape shape, double count) {
    String module = StatisticLayout.moduleOf(tensor).orElse(tensor);
    long inputs = shape.dimensions().get(inputAxis());
    TensorSource sums = vector(module + ".sum_" + letter, inputs);
    if (!areWhole && together.tensor(module + ".square_" + letter).isPresent()) {
      TensorSource squares = vector(module + ".square_" + letter, inputs);
      return new ActivationSums.Side(sums, squares, scale(together, count));
    }
    Named file =
        alone.orElseThrow(
            () ->
                new UserException(
                    "%s has no %s.square_%s, and nothing else tells how much each input varies: give the model `gram_diag` or `gram`, or make the file anew"
                        .formatted(together.name(), module, letter)));
    StatisticsCheckpoint.Found found =
        file.statistics()
            .find(StatisticLayout.GRAM_DIAGONAL, tensor, matrix(shape))
            .filter(any -> !areWhole)
            .or(() -> file.statistics().find(StatisticLayout.GRAM, tensor, matrix(shape)))
            .filter(it -> it.source().shape().equals(it.expected()))
            .orElseThrow(
                () ->
                    new UserException(
                        "%s has no sums of squares of %s inputs of %s; %s"
                            .formatted(file.name(), inputs, module, REMEDY)));
    if (found.facts().count() != count) {
      throw new UserException(
          "%s has %s of %s examples, and %s of %s; %s"
              .formatted(
                  file.name(),
                  found.name(),
                  found.facts().count(),
                  together.name(),
                  count,
                  REMEDY));
    }
    return new ActivationSums.Side(sums, found.source(), scale(file, count));
  }

  /** Of a convolution inputs are channels. */
  private static Shape matrix(Shape shape) {
    return Shape.of(shape.dimensions().get(0), shape.dimensions().get(1));
  }

  private TensorSource vector(String name, long inputs) {
    TensorSource found =
        together
            .tensor(name)
            .orElseThrow(
                () ->
                    new UserException("%s has no %s; %s".formatted(together.name(), name, REMEDY)));
    if (!found.shape().equals(Shape.of(inputs)) || !found.dtype().isReadable()) {
      throw new UserException(
          "%s has %s %s %s, must be %s numbers"
              .formatted(together.name(), name, found.dtype(), found.shape(), inputs));
    }
    return found;
  }
}
