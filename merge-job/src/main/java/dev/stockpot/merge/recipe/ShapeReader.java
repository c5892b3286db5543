package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.number.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code shape}. */
final class ShapeReader {
  private ShapeReader() {}

  /** The shape; anything else is a problem. */
  static Optional<Shape> read(Section section, Problems problems) {
    Optional<Node> value = section.value("shape");
    List<Long> dimensions = new ArrayList<>();
    boolean isShape = false;
    if (value.isPresent() && value.get() instanceof ListNode list) {
      for (Node node : list.elements()) {
        ArrangementReader.whole(node).filter(length -> length > 0).ifPresent(dimensions::add);
      }
      isShape = dimensions.size() == list.elements().size();
    }
    try {
      if (isShape) {
        return Optional.of(new Shape(dimensions));
      }
    } catch (ArithmeticException e) { // more elements than can be counted
      problems.add(
          section.lineOf("shape"),
          "`shape` is %s, more elements than can be counted".formatted(dimensions));
      return Optional.empty();
    }
    problems.add(
        section.lineOf("shape"),
        "`shape` is %s, must be lengths above 0, for example [10, 512]"
            .formatted(value.map(Node::shown).orElse("missing")));
    return Optional.empty();
  }
}
