package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.TensorSource;
import java.util.List;

/** Work that is never cut, as each of its elements may hang on all elements of its inputs. */
public sealed interface Undivided extends TensorWork permits Whole, Factors {

  /** What it is made of, each needed whole. */
  List<TensorSource> sources();

  @Override
  default List<Input> inputs() {
    return sources().stream().map(source -> new Input(source, Input.Reach.WHOLE)).toList();
  }

  @Override
  default List<ElementSpan> cut(long partBytes, long taskBytes) {
    return List.of(all());
  }

  @Override
  default boolean isOneSlice(long taskBytes, int merges) {
    return true;
  }
}
