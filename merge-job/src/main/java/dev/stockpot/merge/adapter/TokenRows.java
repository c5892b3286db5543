package dev.stockpot.merge.adapter;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.Joined;
import dev.stockpot.merge.model.Section;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rows that stand in the place of an embedding's.
 *
 * @param places of the rows, by the ids of the tokens that they are for
 */
record TokenRows(TreeMap<Long, Integer> places, TensorSource rows) {

  /**
   * Those of an adapter; nothing if they do not fit.
   *
   * @param ids one for each row, each once
   */
  static Optional<TokenRows> of(Shape embedding, List<Long> ids, Stored rows) {
    List<Long> dimensions = embedding.dimensions();
    boolean fits =
        dimensions.size() == 2
            && rows.shape().equals(Shape.of(ids.size(), dimensions.get(1)))
            && !ids.isEmpty()
            && ids.stream().allMatch(id -> id < dimensions.get(0));
    if (!fits) {
      return Optional.empty();
    }
    TreeMap<Long, Integer> places = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      places.put(ids.get(i), i);
    }
    return Optional.of(new TokenRows(places, Baked.as(DType.F32, rows)));
  }

  /** An embedding in float32 with these rows in the place of its own. */
  TensorSource over(TensorSource embedding) {
    List<TensorSource> parts = new ArrayList<>();
    long done = 0;
    int first = 0; // of the rows that follow each other, on both sides
    int count = 0;
    for (Map.Entry<Long, Integer> entry : places.entrySet()) {
      boolean follows = count > 0 && entry.getKey() == done && entry.getValue() == first + count;
      if (!follows) {
        addRows(parts, first, count);
        addOwn(parts, embedding, done, entry.getKey());
        first = entry.getValue();
        count = 0;
      }
      count++;
      done = entry.getKey() + 1;
    }
    addRows(parts, first, count);
    addOwn(parts, embedding, done, embedding.shape().dimensions().get(0));
    return new Joined(parts, 0);
  }

  private void addRows(List<TensorSource> parts, int first, int count) {
    if (count > 0) {
      parts.add(new Section(rows, 0, first, first + count));
    }
  }

  private static void addOwn(List<TensorSource> parts, TensorSource own, long begin, long end) {
    if (end > begin) {
      parts.add(new Section(own, 0, begin, end));
    }
  }
}
