package dev.stockpot.merge.structure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tensors whose names have a number at the same place. Only the first number of a name counts:
 * experts and parts within a block are no blocks.
 *
 * @param prefix what comes before the number, with its dot
 * @param numbers those that occur
 * @param tensors how many tensors there are
 */
record NumberedBlocks(String prefix, TreeSet<Integer> numbers, int tensors) {
  private static final Pattern NUMBER = Pattern.compile("(?:^|\\.)(\\d{1,6})\\.");

  /** What libraries call the blocks of a stack, in contrast to lists of single layers. */
  private static final Set<String> WORDS =
      Set.of("layers", "layer", "h", "blocks", "block", "resblocks", "blk", "transformer_blocks");

  /** Of all names, the numbered ones by their prefix. */
  static List<NumberedBlocks> of(Collection<String> names) {
    Map<String, TreeSet<Integer>> numbers = new TreeMap<>();
    Map<String, Integer> tensors = new TreeMap<>();
    for (String name : names) {
      Matcher number = NUMBER.matcher(name);
      if (number.find()) {
        String prefix = name.substring(0, number.start(1));
        numbers
            .computeIfAbsent(prefix, any -> new TreeSet<>())
            .add(Integer.parseInt(number.group(1)));
        tensors.merge(prefix, 1, Integer::sum);
      }
    }
    List<NumberedBlocks> blocks = new ArrayList<>();
    numbers.forEach(
        (prefix, all) -> blocks.add(new NumberedBlocks(prefix, all, tensors.get(prefix))));
    return blocks;
  }

  /** Whether no number between 0 and the last is missing. */
  boolean isWhole() {
    return numbers.size() == height();
  }

  /** One more than the last number. */
  int height() {
    return numbers.last() + 1;
  }

  /** Whether its name alone says that these are blocks: {@code …layers.}, {@code h.}. */
  boolean isNamedAsBlocks() {
    String plain = plainPrefix();
    return WORDS.contains(plain.substring(plain.lastIndexOf('.') + 1));
  }

  /** The prefix without its dot. */
  String plainPrefix() {
    return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
  }
}
