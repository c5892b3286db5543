package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.structure.Stack;
import dev.stockpot.merge.structure.Structure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The layers that a stack has in the output.
 *
 * @param like the stack of the first model that gives it layers
 * @param origins for each layer, the input's layer that it descends from
 */
record StackLayers(Stack like, List<Integer> origins) {
  StackLayers {
    requireNonNull(like, "like is null");
    origins = List.copyOf(origins);
  }

  /** Which stack it is: {@code text}, {@code encoder}, … */
  String word() {
    return like.word();
  }

  /**
   * The stack of a model that these are the layers of: by its tensors, else by what it is called.
   */
  Optional<Stack> in(Structure structure) {
    List<Stack> main = structure.mainStacks();
    return Stream.concat(main.stream(), structure.stages().stream())
        .filter(stack -> stack.prefix().equals(like.prefix()))
        .findFirst()
        .or(() -> main.stream().filter(stack -> stack.word().equals(word())).findFirst());
  }
}
