package dev.stockpot.merge.commit;

import java.io.Serializable;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is left of a merge that stopped. */
public sealed interface Leftovers extends Serializable {

  /** Nothing: the next merge begins from the start. */
  record Nothing() implements Leftovers {
    @Override
    public <T> T match(
        Supplier<T> nothing, Function<Kept, T> kept, Function<TakenOver, T> takenOver) {
      return nothing.get();
    }
  }

  /**
   * Finished shards, for a merge that resumes it.
   *
   * @param finished how many
   * @param of how many there are to be
   */
  record Kept(int finished, int of) implements Leftovers {
    public Kept {
      if (finished < 1 || finished > of) {
        throw new IllegalArgumentException("%s of %s shards are kept".formatted(finished, of));
      }
    }

    @Override
    public <T> T match(
        Supplier<T> nothing, Function<Kept, T> kept, Function<TakenOver, T> takenOver) {
      return kept.apply(this);
    }
  }

  /**
   * Whatever there was is another merge's, which goes on with it.
   *
   * @param by who it is, as far as is known
   */
  record TakenOver(String by) implements Leftovers {
    @Override
    public <T> T match(
        Supplier<T> nothing, Function<Kept, T> kept, Function<TakenOver, T> takenOver) {
      return takenOver.apply(this);
    }
  }

  /** The answer for the kind that it is. */
  <T> T match(Supplier<T> nothing, Function<Kept, T> kept, Function<TakenOver, T> takenOver);
}
