package dev.stockpot.merge.structure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Finds the blocks within stages: vision models such as Swin, ConvNeXt, Segformer and ResNet are a
 * few numbered stages, each of a width of its own, and every stage has blocks that a list of the
 * configuration counts.
 */
final class StageFinder {
  /** What a recipe calls the blocks of a stage. */
  static final String WORD = "stage";

  /** Lists with the number of blocks of each stage. */
  private static final List<String> COUNTS =
      List.of("depths", "depth", "layer_depths", "encoder_depths");

  /** What follows the number of a stage in names of its blocks, and the block's own number. */
  private static final Pattern BLOCK = Pattern.compile("(\\d{1,4})\\.(\\w+\\.)?(\\d{1,4})\\..*");

  private final Configuration root;
  private final Collection<String> names;

  StageFinder(Configuration root, Collection<String> names) {
    this.root = root;
    this.names = names;
  }

  /** A stack for each stage that has blocks of its own. */
  List<Stack> stages() {
    List<String> parts = new ArrayList<>(root.partPaths());
    parts.add("");
    List<Stack> stages = new ArrayList<>();
    for (String part : parts) {
      Configuration object = root.at(part).orElse(root);
      for (String key : COUNTS) {
        List<Integer> depths = object.integers(key);
        if (depths.size() > 1 && depths.stream().allMatch(depth -> depth >= 0)) {
          stages.addAll(stages(part, key, depths));
        }
      }
    }
    return stages;
  }

  private List<Stack> stages(String part, String key, List<Integer> depths) {
    List<Stack> stages = new ArrayList<>();
    for (NumberedBlocks blocks : NumberedBlocks.of(names)) {
      if (blocks.isWhole() && blocks.height() == depths.size()) {
        inner(blocks.prefix(), depths)
            .ifPresent(
                word ->
                    IntStream.range(0, depths.size())
                        .filter(stage -> depths.get(stage) > 0)
                        .mapToObj(
                            stage ->
                                new Stack(
                                    WORD,
                                    blocks.prefix() + stage + "." + word,
                                    0,
                                    depths.get(stage),
                                    Optional.of(CountKey.ofStage(part, key, stage))))
                        .forEach(stages::add));
      }
    }
    return stages;
  }

  /** What the blocks are called in all stages, with a dot or empty: they are as many as said. */
  private Optional<String> inner(String prefix, List<Integer> depths) {
    Map<String, int[]> heights = new TreeMap<>();
    for (String name : names) {
      Matcher block = BLOCK.matcher(name);
      if (name.startsWith(prefix) && block.region(prefix.length(), name.length()).matches()) {
        int[] all =
            heights.computeIfAbsent(
                Optional.ofNullable(block.group(2)).orElse(""), any -> new int[depths.size()]);
        int stage = Integer.parseInt(block.group(1));
        all[stage] = Math.max(all[stage], Integer.parseInt(block.group(3)) + 1);
      }
    }
    return heights.entrySet().stream()
        .filter(word -> IntStream.of(word.getValue()).boxed().toList().equals(depths))
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
