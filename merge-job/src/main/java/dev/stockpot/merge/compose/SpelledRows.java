package dev.stockpot.merge.compose;

import dev.stockpot.kernels.method.MatrixProgram;
import dev.stockpot.kernels.methods.widths.WidthPrograms;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows of a transplant by the tokens that spell them; what cannot be spelled gets the mean. */
final class SpelledRows {
  private final Transplant wanted;

  SpelledRows(Transplant wanted) {
    this.wanted = wanted;
  }

  /** The tensor; {@code known} and {@code pieces} by the id of the other's token. */
  TensorSource made(int[] known, int[][] pieces) {
    RowMap.Builder all = new RowMap.Builder();
    RowMap.Builder here = new RowMap.Builder();
    RowMap.Builder used = new RowMap.Builder();
    Map<Integer, Integer> places = new LinkedHashMap<>();
    List<int[]> means = new ArrayList<>();
    for (int id = 0; id < known.length; id++) {
      int[] of = Arrays.stream(pieces[id]).filter(wanted::isOurs).toArray();
      if (wanted.isOurs(known[id])) {
        all.add(0, known[id]);
        here.add(0, known[id]);
      } else if (of.length == 0) {
        all.add(2, 0);
      } else {
        all.add(1, means.size());
        means.add(placed(of, places, used));
      }
    }
    RowMap shared = here.build();
    if (shared.rows() == 0) {
      throw new IllegalArgumentException(
          "%s and %s share no token".formatted(wanted.model(), wanted.wanted().of()));
    }
    RowMean mean = new RowMean(new Gathered(List.of(wanted.ours()), shared, 0));
    if (means.isEmpty()) { // none is spelled, and the mean is of their shape
      return new Gathered(List.of(wanted.ours(), mean, mean), all.build(), 0);
    }
    TensorSource spelling = new Gathered(List.of(wanted.ours()), used.build(), 0);
    int[][] ofEach = means.toArray(int[][]::new);
    long width = wanted.ours().shape().dimensions().get(1);
    MatrixProgram program = WidthPrograms.meansOfRows(places.size(), width, ofEach);
    String terms = String.format(Locale.ROOT, "spelling %08x", Arrays.deepHashCode(ofEach));
    TensorSource made = wanted.solved(List.of(spelling), program, means.size(), terms);
    return new Gathered(List.of(wanted.ours(), made, mean), all.build(), 0);
  }

  private static int[] placed(int[] ids, Map<Integer, Integer> places, RowMap.Builder used) {
    int[] placed = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      Integer place = places.get(ids[i]);
      if (place == null) {
        place = places.size();
        places.put(ids[i], place);
        used.add(0, ids[i]);
      }
      placed[i] = place;
    }
    return placed;
  }
}
