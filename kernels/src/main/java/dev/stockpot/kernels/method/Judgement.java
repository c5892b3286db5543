package dev.stockpot.kernels.method;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a program that looked at whole models found out about them, and decided: the same for all
 * tensors, so that it can be told of the merge.
 *
 * @param base CRC-32C of the base's tensors, one behind the other
 * @param states CRC-32C of what is remembered of the merge before, in the order of side inputs
 * @param verdicts one for each model beside the base, in their order
 * @param carried numbers that the next merge of the kind begins with, by the parameter's name
 */
public record Judgement(
    int base, List<Integer> states, List<Verdict> verdicts, Map<String, Double> carried)
    implements Serializable {
  public Judgement {
    states = List.copyOf(states);
    verdicts = List.copyOf(verdicts);
    carried = new TreeMap<>(carried); // one order: it is written out
  }

  /**
   * What became of one model.
   *
   * @param input its place among the models
   * @param crc32c of its tensors, one behind the other
   * @param distance from the base; NaN where it cannot be told
   * @param score by which it was chosen; NaN for methods that give none
   * @param weight of it in the result; 0 where it was left out
   * @param why it was left out; empty where it was not
   */
  public record Verdict(
      int input, int crc32c, double distance, double score, double weight, String why)
      implements Serializable {
    public Verdict {
      requireNonNull(why, "why is null");
    }

    public boolean isAccepted() {
      return why.isEmpty();
    }
  }
}
