package dev.stockpot.merge.run;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.StoredNumbers;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.WaitingCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * Reads numbers of statistics before a merge begins. All of small tensors; of large ones some
 * pieces, which tells files that are damaged or no statistics at all: the tasks look at the rest.
 */
final class StatisticsNumbers {
  static final int WHOLE_BYTES = 1 << 20;
  static final int PIECES = 16;
  private static final int PIECE_BYTES = WHOLE_BYTES / PIECES;
  private static final int EXAMPLES = 3;

  /** Rows of routers, and states that they are made of: of either sign. */
  private static final Pattern SIGNED = Pattern.compile("(shared_)?gate(_hidden)?(\\.\\w+)?");

  private final StoredNumbers stored;

  StatisticsNumbers(ObjectSource store) {
    this.stored = new StoredNumbers(store);
  }

  /** Some elements of a stored tensor. */
  double[] read(TensorSource source, ElementSpan span) throws IOException {
    return stored.read(source, span);
  }

  /** What is wrong with numbers of a checkpoint, in a few sentences. */
  List<String> faults(Model checkpoint) throws IOException {
    List<Callable<Optional<String>>> looks = new ArrayList<>();
    checkpoint
        .tensors()
        .forEach(
            (name, source) -> {
              if (!name.endsWith(StatisticsCheckpoint.COUNT) && source.dtype().isReadable()) {
                looks.add(() -> fault(name, source));
              }
            });
    List<String> wrong =
        WaitingCalls.results("looking at statistics", looks).stream()
            .flatMap(Optional::stream)
            .toList();
    if (wrong.size() <= EXAMPLES) {
      return wrong;
    }
    List<String> some = new ArrayList<>(wrong.subList(0, EXAMPLES));
    some.add("%s more of its tensors are broken, too".formatted(wrong.size() - EXAMPLES));
    return some;
  }

  private Optional<String> fault(String name, TensorSource source) throws IOException {
    Meaning meaning = Meaning.of(name, source.shape());
    for (ElementSpan span : spans(source, meaning)) {
      double[] numbers = read(source, span);
      long square = meaning.squareFrom(span.first());
      for (int i = 0; i < numbers.length; i++) {
        long place = span.first() + i;
        boolean isSquare = place == square;
        if (isSquare) {
          square = meaning.squareFrom(place + 1);
        }
        boolean isNegative = isSquare && numbers[i] < 0 && !SIGNED.matcher(name).matches();
        if (!Double.isFinite(numbers[i]) || isNegative) {
          return Optional.of(
              "element %s of %s is %s%s. Compute it again"
                  .formatted(
                      place, name, numbers[i], isNegative ? ", but is a sum of squares" : ""));
        }
      }
    }
    return Optional.empty();
  }

  /** All of a small tensor; of a large one pieces from its beginning to its end. */
  private static List<ElementSpan> spans(TensorSource source, Meaning meaning) {
    long elements = source.shape().elements();
    int width = source.dtype().bytes();
    if (elements * width <= WHOLE_BYTES) {
      return List.of(ElementSpan.all(source.shape()));
    }
    long piece = PIECE_BYTES / width;
    List<ElementSpan> spans = new ArrayList<>();
    for (int i = 0; i < PIECES; i++) {
      long wanted = meaning.place(i / (double) (PIECES - 1));
      long first = Math.min(wanted, elements - piece);
      spans.add(new ElementSpan(first, piece));
    }
    return spans;
  }

  /**
   * Which of its elements are sums of squares.
   *
   * @param order of a Gram matrix, or 0 where all elements are
   * @param hasSigns whether none is
   */
  private record Meaning(long elements, long order, boolean isPacked, boolean hasSigns) {
    /** Ends of names of what is no sum of squares. */
    private static final List<String> SIGNED =
        List.of(".mean", ".crossgram", ".cross_diag", ".sum_a", ".sum_b");

    static Meaning of(String name, Shape shape) {
      if (SIGNED.stream().anyMatch(name::endsWith)) {
        return new Meaning(shape.elements(), 0, false, /* hasSigns= */ true);
      }
      if (name.endsWith(".gram") && shape.dimensions().size() == 2) {
        return new Meaning(shape.elements(), shape.rowElements(), false, false);
      }
      if (name.endsWith(".gram_upper")) {
        long order = (long) ((Math.sqrt(8.0 * shape.elements() + 1) - 1) / 2);
        return new Meaning(shape.elements(), order, true, false);
      }
      return new Meaning(shape.elements(), 0, false, false);
    }

    /** The element of a row's diagonal, so far down; of other tensors any element. */
    long place(double share) {
      long row = Math.round(share * (order - 1));
      return order == 0 ? Math.round(share * (elements - 1)) : diagonal(row);
    }

    private long diagonal(long row) {
      return isPacked ? row * order - row * (row - 1) / 2 : row * (order + 1);
    }

    /** The first sum of squares from an element on, or what no element is. */
    long squareFrom(long element) {
      if (order == 0) {
        return hasSigns ? -1 : element;
      }
      if (!isPacked) {
        return (element + order) / (order + 1) * (order + 1);
      }
      // about the row whose diagonal is the last that is not behind it, and not a later one
      double half = order + 0.5;
      long row = (long) (half - Math.sqrt(Math.max(0, half * half - 2.0 * element))) - 1;
      row = Math.max(0, row);
      while (diagonal(row) < element) {
        row++;
      }
      return diagonal(row);
    }
  }
}
