package dev.stockpot.merge.statistics;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.statistics.Addition.Counts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Adds up statistics of one model over two sets of examples. What is a mean is weighed by how many
 * it is of. What does not belong together is refused.
 */
public final class StatisticsSum {
  private static final Set<String> BY_MODULE =
      Set.of("gram", "gram_diag", "act_mean_std", "crossgram");
  private static final Set<String> BY_EXAMPLE = Set.of("fisher_diag", "grad_abs");
  private static final String MEAN = ".mean";
  private static final String SQUARES = ".m2";
  private static final String EXAMPLES = "n_examples";
  private static final int NAMED = 3;

  private final StatisticsFile first;
  private final StatisticsFile second;
  private final String kind;
  private final List<String> remarks = new ArrayList<>();

  private StatisticsSum(StatisticsFile first, StatisticsFile second) {
    this.first = first;
    this.second = second;
    this.kind = kind();
  }

  /**
   * What comes of both.
   *
   * @param tensors in the order of their names
   * @param metadata to be written beside them
   * @param remarks what a user should know of it
   */
  public record Sum(List<AddedTensor> tensors, Map<String, String> metadata, List<String> remarks) {
    public Sum {
      tensors = List.copyOf(tensors);
      remarks = List.copyOf(remarks);
    }
  }

  /**
   * Plans the sum.
   *
   * @throws UserException if they are not of one kind, one model and one form
   */
  public static Sum of(StatisticsFile first, StatisticsFile second) {
    return new StatisticsSum(first, second).sum();
  }

  private Sum sum() {
    Map<String, String> metadata = new SummedNotes(first, second, remarks).metadata();
    List<AddedTensor> tensors = new ArrayList<>();
    List<String> lone = new ArrayList<>();
    Set<String> names = new TreeSet<>(first.tensors().keySet());
    names.addAll(second.tensors().keySet());
    for (String name : names) {
      Optional<TensorSource> a = Optional.ofNullable(first.tensors().get(name));
      Optional<TensorSource> b = Optional.ofNullable(second.tensors().get(name));
      if (a.isPresent() && b.isPresent()) {
        tensors.add(both(name, a.get(), b.get()));
      } else {
        lone.add(name);
        tensors.add(one(name, a.or(() -> b).orElseThrow()));
      }
    }
    checkLone(lone);
    return new Sum(tensors, metadata, remarks);
  }

  private String kind() {
    Optional<String> a = first.checkpoint().notes().kind();
    Optional<String> b = second.checkpoint().notes().kind();
    if (a.isEmpty() || !a.equals(b)) {
      throw new UserException(
          "%s is %s and %s is %s: only statistics of one kind add up"
              .formatted(
                  first.name(), a.orElse("of no kind"), second.name(), b.orElse("of no kind")));
    }
    if (!BY_MODULE.contains(a.get()) && !BY_EXAMPLE.contains(a.get())) {
      Set<String> kinds = new TreeSet<>(BY_MODULE);
      kinds.addAll(BY_EXAMPLE);
      throw new UserException(
          "`%s` of two sets of examples do not add up; those that do are %s"
              .formatted(a.get(), String.join(", ", kinds)));
    }
    return a.get();
  }

  private AddedTensor both(String name, TensorSource a, TensorSource b) {
    if (!a.shape().equals(b.shape())) {
      throw new UserException(
          "%s is %s in %s and %s in %s. Compute both of the same model"
              .formatted(name, a.shape(), first.name(), b.shape(), second.name()));
    }
    boolean isCount = name.endsWith(StatisticsCheckpoint.COUNT);
    for (TensorSource source : List.of(a, b)) {
      if (!source.dtype().isReadable() && !(isCount && source.dtype().isInteger())) {
        throw new UserException(
            "%s is stored as %s, which no sum can be made of".formatted(name, source.dtype()));
      }
    }
    DType type = isCount ? DType.I64 : AddedTensor.type(a.dtype(), b.dtype());
    if (isCount) {
      return new AddedTensor(name, type, List.of(a, b), Addition.SUM, new Counts(1, 1), List.of());
    }
    boolean isSquares = kind.equals("act_mean_std") && name.endsWith(SQUARES);
    boolean isMean = kind.equals("act_mean_std") ? !isSquares : !isSum();
    Counts counts = isMean || isSquares ? counts(name) : new Counts(1, 1);
    List<TensorSource> means = isSquares ? means(name) : List.of();
    Addition addition = isSquares ? Addition.SQUARES : isMean ? Addition.MEAN : Addition.SUM;
    return new AddedTensor(name, type, List.of(a, b), addition, counts, means);
  }

  /** Both say the same, if they say it. */
  private boolean isSum() {
    boolean isSum = false;
    for (StatisticsFile file : List.of(first, second)) {
      isSum =
          file.checkpoint()
              .notes()
              .isSum()
              .orElseThrow(
                  () ->
                      new UserException(
                          "%s does not say whether it holds sums or means. Write `normalised` as sum or mean into its metadata"
                              .formatted(file.name())));
    }
    return isSum;
  }

  private List<TensorSource> means(String squares) {
    String name = module(squares) + MEAN;
    List<TensorSource> means = new ArrayList<>();
    for (StatisticsFile file : List.of(first, second)) {
      TensorSource mean = file.tensors().get(name);
      if (mean == null || !mean.shape().equals(file.tensors().get(squares).shape())) {
        throw new UserException(
            "%s has %s without %s of its shape".formatted(file.name(), squares, name));
      }
      means.add(mean);
    }
    return means;
  }

  private Counts counts(String name) {
    return new Counts(count(first, name), count(second, name));
  }

  private double count(StatisticsFile file, String name) {
    Optional<Double> count =
        BY_EXAMPLE.contains(kind)
            ? file.number(EXAMPLES).filter(number -> number > 0)
            : Optional.ofNullable(file.checkpoint().counts().get(module(name)));
    return count.orElseThrow(
        () ->
            new UserException(
                "%s does not say how many samples %s is a mean of: %s is missing"
                    .formatted(
                        file.name(),
                        name,
                        BY_EXAMPLE.contains(kind)
                            ? "`n_examples` in its metadata"
                            : module(name) + StatisticsCheckpoint.COUNT)));
  }

  private static String module(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private AddedTensor one(String name, TensorSource source) {
    DType type = AddedTensor.type(source.dtype(), source.dtype());
    return new AddedTensor(name, type, List.of(source), Addition.SUM, new Counts(1, 1), List.of());
  }

  /**
   * A module may have met no example in one of the sets, as an expert that was never routed to:
   * then all that belongs to it is missing there.
   */
  private void checkLone(List<String> lone) {
    Map<String, List<String>> modules = new LinkedHashMap<>();
    for (String name : lone) {
      String module = module(name);
      boolean isKnown =
          !BY_MODULE.contains(kind) || (hasModule(first, module) && hasModule(second, module));
      if (isKnown) {
        StatisticsFile without = first.tensors().containsKey(name) ? second : first;
        throw new UserException(
            "%s has no %s, which the other has. Compute both of the same model, in one form"
                .formatted(without.name(), name));
      }
      modules.computeIfAbsent(module, any -> new ArrayList<>()).add(name);
    }
    if (!modules.isEmpty()) {
      List<String> names = List.copyOf(modules.keySet());
      remarks.add(
          "%s of one set alone are taken as they are: %s%s"
              .formatted(
                  names.size() == 1 ? "1 module" : names.size() + " modules",
                  String.join(", ", names.subList(0, Math.min(NAMED, names.size()))),
                  names.size() > NAMED ? ", …" : ""));
    }
  }

  private static boolean hasModule(StatisticsFile file, String module) {
    return file.tensors().keySet().stream().anyMatch(name -> module(name).equals(module));
  }
}
