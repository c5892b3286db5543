package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The layers that a stack has in the output.
 *
 * @param word which stack: {@code text}, {@code encoder}, …
 * @param origins for each layer, the input's layer that it descends from
 */
record StackLayers(String word, List<Integer> origins) {
  StackLayers {
    requireNonNull(word, "word is null");
    origins = List.copyOf(origins);
  }
}
