package dev.stockpot.merge.plan;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.Footprint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What works on the same elements read together: each input once, though several may want it. They
 * need not all want the same.
 *
 * @param works at least one, of equal shapes
 */
public record SharedInputs(List<TensorWork> works) {
  public SharedInputs {
    works = List.copyOf(works);
    if (works.isEmpty()) {
      throw new IllegalArgumentException("no works read nothing together");
    }
  }

  /** All of them, in the order in which the works name them. */
  public List<Input> all() {
    if (works.size() == 1) {
      return works.get(0).inputs(); // a work may take one model twice
    }
    List<Input> first = works.get(0).inputs();
    if (works.stream().allMatch(work -> work.inputs().equals(first))) {
      return first;
    }
    Set<Input> all = new LinkedHashSet<>();
    works.forEach(work -> all.addAll(work.inputs()));
    return List.copyOf(all);
  }

  /** Where in {@link #all} the inputs of each work are, in the work's order. */
  public List<List<Integer>> places() {
    List<Input> all = all();
    List<List<Integer>> places = new ArrayList<>();
    for (TensorWork work : works) {
      List<Input> own = work.inputs();
      places.add(
          own.equals(all)
              ? IntStream.range(0, all.size()).boxed().toList()
              : own.stream().map(all::indexOf).toList());
    }
    return places;
  }

  /** What is read for some of the elements, and the memory that takes. */
  public Footprint footprint(ElementSpan span) {
    Footprint sum = Footprint.NONE;
    for (Input input : all()) {
      sum = sum.plus(input.footprint(span, works.get(0).shape()));
    }
    return sum.readOnce();
  }

  /**
   * Whether works that read different things can be made together: each goes through its inputs
   * once, a piece at a time.
   */
  public static boolean mayDiffer(TensorWork work) {
    return work.streams() && work.scan().isEmpty();
  }
}
