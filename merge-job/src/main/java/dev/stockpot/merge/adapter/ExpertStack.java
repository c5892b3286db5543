package dev.stockpot.merge.adapter;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.adapter.AdapterModule.Pair;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Matrices of the experts of a layer, as an adapter sees them: one behind the other.
 *
 * @param shape experts, rows, columns
 * @param pieces the tensors of the base that hold them
 */
record ExpertStack(String parameter, Shape shape, List<Piece> pieces) {
  /** Names of an expert's matrices, and which rows of which parameter each is. */
  private static final Pattern APART =
      Pattern.compile(
          ".*\\bexperts\\.(?<expert>\\d+)\\.(?<role>gate_proj|up_proj|down_proj|w1|w2|w3)\\.weight");

  private static final List<String> GATES = List.of("gate_proj", "w1");
  private static final List<String> UPS = List.of("up_proj", "w3");
  private static final List<String> DOWNS = List.of("down_proj", "w2");

  /**
   * Some rows of one expert, or of all of them.
   *
   * @param expert −1: all of them
   */
  private record Piece(String tensor, int expert, long firstRow, long rows) {}

  /** The matrices that a parameter's name means; nothing if the base has none. */
  static Optional<ExpertStack> find(
      String module, String parameter, BaseModel base, Drafts drafts) {
    String wanted = "%s.%s".formatted(module, parameter);
    Optional<String> fused = base.names().find(wanted);
    if (fused.isPresent()) {
      Shape shape = drafts.get(fused.get()).shape();
      List<Long> dimensions = shape.dimensions();
      if (dimensions.size() == 2) {
        shape = Shape.of(1, dimensions.get(0), dimensions.get(1));
      }
      return shape.dimensions().size() == 3
          ? Optional.of(
              new ExpertStack(
                  parameter,
                  shape,
                  List.of(new Piece(fused.get(), -1, 0, shape.dimensions().get(1)))))
          : Optional.empty();
    }
    return apart(wanted, parameter, base, drafts);
  }

  private static Optional<ExpertStack> apart(
      String wanted, String parameter, BaseModel base, Drafts drafts) {
    List<List<String>> roles =
        switch (parameter) {
          case "gate_up_proj" -> List.of(GATES, UPS);
          case "down_proj" -> List.of(DOWNS);
          default -> List.of();
        };
    List<Matcher> all = base.names().inBlock(wanted, APART);
    List<Piece> pieces = new ArrayList<>();
    int experts = 0;
    long first = 0;
    long columns = 0;
    for (List<String> role : roles) {
      TreeMap<Integer, String> tensors = new TreeMap<>();
      for (Matcher name : all) {
        if (role.contains(name.group("role"))) {
          tensors.put(Integer.valueOf(name.group("expert")), name.group());
        }
      }
      boolean areAll = !tensors.isEmpty() && tensors.lastKey() == tensors.size() - 1;
      if (!areAll || (experts > 0 && tensors.size() != experts)) {
        return Optional.empty();
      }
      experts = tensors.size();
      Shape shape = drafts.get(tensors.firstEntry().getValue()).shape();
      for (String tensor : tensors.values()) {
        if (!drafts.get(tensor).shape().equals(shape) || shape.dimensions().size() != 2) {
          return Optional.empty();
        }
      }
      if (columns > 0 && columns != shape.columns()) {
        return Optional.empty();
      }
      columns = shape.columns();
      long rows = shape.dimensions().get(0);
      long begin = first;
      tensors.forEach((expert, tensor) -> pieces.add(new Piece(tensor, expert, begin, rows)));
      first += rows;
    }
    return pieces.isEmpty()
        ? Optional.empty()
        : Optional.of(new ExpertStack(parameter, Shape.of(experts, first, columns), pieces));
  }

  long experts() {
    return shape.dimensions().get(0);
  }

  private long rows() {
    return shape.dimensions().get(1);
  }

  private long columns() {
    return shape.dimensions().get(2);
  }

  private boolean isPlain(Pair pair) {
    return pair.rows() == rows() && pair.columns() == columns();
  }

  private boolean isTurned(Pair pair) {
    return pair.rows() == columns() && pair.columns() == rows();
  }

  boolean fits(Pair pair) {
    return pair.fit() && pair.rank() % experts() == 0 && (isPlain(pair) || isTurned(pair));
  }

  /**
   * Adds a pair's products.
   *
   * @param turnsSquare whether matrices of as many rows as columns are stored as in, out
   */
  void add(Drafts drafts, Pair pair, long rank, float scale, boolean turnsSquare) {
    boolean turns = !isPlain(pair) || (isTurned(pair) && turnsSquare);
    // of each expert [out, r] and [r, in]
    TensorSource outer =
        pair.b().reshaped(Shape.of(pair.rows(), rank, experts())).exchanged(0, 2).exchanged(1, 2);
    TensorSource inner = pair.a().reshaped(Shape.of(experts(), rank, pair.columns()));
    TensorSource left = turns ? inner.exchanged(1, 2) : outer;
    TensorSource right = turns ? outer.exchanged(1, 2) : inner;
    for (Piece piece : pieces) {
      if (piece.expert() < 0) {
        drafts.change(
            piece.tensor(),
            draft ->
                experts() == 1
                    ? draft.plus(left, right, rank, scale)
                    : draft.plusStack(left, right, rank, scale));
      } else {
        long expert = piece.expert();
        TensorSource rows =
            left.section(0, expert, expert + 1)
                .section(1, piece.firstRow(), piece.firstRow() + piece.rows());
        TensorSource own = right.section(0, expert, expert + 1);
        drafts.change(piece.tensor(), draft -> draft.plus(rows, own, rank, scale));
      }
    }
  }
}
