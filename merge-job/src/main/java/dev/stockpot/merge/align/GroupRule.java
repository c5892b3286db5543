package dev.stockpot.merge.align;

import java.util.List;
import java.util.Optional;

/**
 * What a spec says of groups of one kind.
 *
 * @param isResidual whether it is the residual stream, which stays where it is unless asked for
 * @param heads what tells how many heads there are; empty for units that may go anywhere
 * @param experts the groups of units of each, where its own units are experts
 * @param first what stands where one before the first is named
 * @param isLastFixed whether the units of the last one may not move, being outputs
 */
record GroupRule(
    GroupName name,
    boolean isResidual,
    Optional<HeadRule> heads,
    Optional<GroupName> experts,
    Optional<AxisRule> first,
    boolean isLastFixed) {

  /** The letter of the number that counts experts. */
  Optional<String> expertLetter() {
    return experts.flatMap(
        member ->
            member.letters().stream()
                .filter(letter -> !name.letters().contains(letter))
                .findFirst());
  }

  /**
   * Where numbers of heads are.
   *
   * @param counts keys of the configuration, or a number, of which the first that is there counts
   * @param keyCounts the same of heads of keys and values; as many as of queries if none is there
   * @param keysMove whether units of queries and keys may change places
   * @param headsMove whether heads may
   * @param inPairs whether positions turn units of queries and keys two by two, the first with the
   *     first of the second half (RoPE)
   * @param unless tensors beside which nobody may turn them: norms of each head
   */
  record HeadRule(
      List<String> counts,
      List<String> keyCounts,
      boolean keysMove,
      boolean headsMove,
      boolean inPairs,
      Optional<TensorPattern> unless) {
    HeadRule {
      counts = List.copyOf(counts);
      keyCounts = List.copyOf(keyCounts);
    }
  }
}
