package dev.stockpot.merge.commit;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Judgement;
import java.util.Optional;

/**
 * What is known of a round beside its plan.
 *
 * @param number from 1
 * @param base the model that it goes on from, as the recipe names it
 * @param earlier the round that made that model; empty if none did
 * @param judgement what was found out about clients; empty before, and where nobody looks
 */
public record RoundFacts(
    int number, String base, Optional<EarlierRound> earlier, Optional<Judgement> judgement) {
  public RoundFacts {
    requireNonNull(base, "base is null");
    requireNonNull(earlier, "earlier is null");
    requireNonNull(judgement, "judgement is null");
  }

  /** These facts, and what was found out. */
  public RoundFacts knowing(Optional<Judgement> found) {
    return new RoundFacts(number, base, earlier, found);
  }
}
