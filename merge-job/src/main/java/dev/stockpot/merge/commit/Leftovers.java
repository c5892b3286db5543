package dev.stockpot.merge.commit;

import dev.stockpot.merge.storage.PendingFolder;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
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

  /**
   * Ends what was begun in a folder.
   *
   * @param keeps whether what is finished is worth keeping
   * @param finished how many files of it are
   * @param of how many there are to be
   */
  static Leftovers of(PendingFolder folder, boolean keeps, int finished, int of)
      throws IOException {
    Optional<String> successor = folder.successor();
    if (successor.isPresent()) {
      folder.close(); // and leaves everything to the other
      return new TakenOver(successor.get());
    }
    if (keeps && folder.keep()) {
      return new Kept(finished, of);
    }
    folder.close();
    return new Nothing();
  }

  /** The answer for the kind that it is. */
  <T> T match(Supplier<T> nothing, Function<Kept, T> kept, Function<TakenOver, T> takenOver);
}
