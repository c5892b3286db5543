package dev.stockpot.merge.adapter;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rows that stand in the place of an embedding's.
 *
 * @param places of the rows, by the ids of the tokens that they are for
 */
record TokenRows(TreeMap<Integer, Integer> places, TensorSource rows) {

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
    TreeMap<Integer, Integer> places = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      places.put(Math.toIntExact(ids.get(i)), i);
    }
    return Optional.of(new TokenRows(places, rows.as(DType.F32)));
  }

  /** An embedding in float32 with these rows in the place of its own. */
  TensorSource over(TensorSource embedding) {
    RowMap.Builder map = new RowMap.Builder();
    int done = 0;
    for (Map.Entry<Integer, Integer> entry : places.entrySet()) {
      map.add(0, done, entry.getKey() - done).add(1, entry.getValue());
      done = entry.getKey() + 1;
    }
    map.add(0, done, Math.toIntExact(embedding.shape().dimensions().get(0)) - done);
    return new Gathered(List.of(embedding, rows), map.build(), 0);
  }
}
