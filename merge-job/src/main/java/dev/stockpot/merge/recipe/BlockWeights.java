package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Weights of the blocks of a Stable Diffusion's network in one line, as its users write them: from
 * IN00 over the middle to the last OUT. They are filters on the names that single files have.
 */
final class BlockWeights {
  private static final String BLOCKS = "blocks";
  private static final String ELSE = "value";

  /** How many blocks go down, and as many up, by how many numbers there are. */
  private static final Map<Integer, Integer> DOWN = new TreeMap<>(Map.of(25, 12, 19, 9));

  private BlockWeights() {}

  /**
   * The weight of a block.
   *
   * @param filter that finds its tensors; without one, it is of all that lies in no block
   */
  record Weight(Optional<String> filter, ScalarNode value) {
    String block() {
      return filter.orElse("all else");
    }
  }

  static boolean areIn(MapNode map) {
    return map.entry(BLOCKS).isPresent();
  }

  /** One for each block, and for all else; none where they cannot be told, a problem then. */
  static List<Weight> of(MapNode map, Problems problems) {
    List<Node> numbers =
        map.entry(BLOCKS)
            .map(MapNode.Entry::value)
            .filter(ListNode.class::isInstance)
            .map(ListNode.class::cast)
            .map(ListNode::elements)
            .orElse(List.of());
    Optional<ScalarNode> rest =
        map.entry(ELSE)
            .map(MapNode.Entry::value)
            .filter(ScalarNode.class::isInstance)
            .map(ScalarNode.class::cast);
    boolean areNumbers = numbers.stream().allMatch(ScalarNode.class::isInstance);
    if (!DOWN.containsKey(numbers.size()) || !areNumbers) {
      problems.add(
          map.line(),
          "`blocks` has %s values, and must be a list of 25 numbers (IN00 to IN11, M00, OUT00 to OUT11), or for SDXL of 19 (IN00 to IN08, M00, OUT00 to OUT08)"
              .formatted(numbers.size()));
      return List.of();
    }
    if (rest.isEmpty() || map.entries().size() != 2) {
      problems.add(
          map.line(),
          "`blocks` of %s numbers needs `value` beside it, and nothing else: what counts for text encoder, decoder and time embedding, 0 for those of the base"
              .formatted(numbers.size()));
      return List.of();
    }
    int down = DOWN.get(numbers.size());
    List<Weight> weights = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      weights.add(new Weight(Optional.of(filter(i, down)), (ScalarNode) numbers.get(i)));
    }
    weights.add(new Weight(Optional.empty(), rest.get()));
    return weights;
  }

  private static String filter(int place, int down) {
    if (place == down) {
      return "middle_block.";
    }
    return place < down
        ? "input_blocks.%s.".formatted(place)
        : "output_blocks.%s.".formatted(place - down - 1);
  }
}
