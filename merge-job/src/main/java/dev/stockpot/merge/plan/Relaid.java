package dev.stockpot.merge.plan;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.compare.Fusion;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model in the layout of another: what that one fuses is joined, and what it has singly is cut
 * out. Whatever does not fit is left for others to refuse; nothing is done by halves.
 */
final class Relaid {
  private final Map<String, TensorSource> wanted;
  private final Map<String, TensorSource> tensors;
  private boolean fits = true;

  private Relaid(Model donor, Model model) {
    this.wanted = donor.tensors();
    this.tensors = new LinkedHashMap<>(model.tensors());
  }

  /**
   * The model as the donor has it.
   *
   * @param families what the configurations of the two call their families
   * @return empty if there is nothing to do, or something that cannot be done exactly
   */
  static Optional<Model> of(Model donor, Model model, Collection<String> families) {
    Set<String> ours = without(donor.tensors().keySet(), model.tensors().keySet());
    Set<String> theirs = without(model.tensors().keySet(), donor.tensors().keySet());
    List<Fusion> cuts = Fusion.of(theirs, ours, families);
    List<Fusion> joins = Fusion.of(ours, theirs, families);
    if (cuts.isEmpty() && joins.isEmpty()) {
      return Optional.empty();
    }
    Relaid relaid = new Relaid(donor, model);
    cuts.forEach(relaid::cut);
    joins.forEach(relaid::join);
    return relaid.fits ? Optional.of(model.with(relaid.tensors)) : Optional.empty();
  }

  private static Set<String> without(Collection<String> names, Collection<String> others) {
    Set<String> rest = new LinkedHashSet<>(names);
    rest.removeAll(others);
    return rest;
  }

  /** Rows of each part, expert by expert. */
  private void cut(Fusion fusion) {
    TensorSource fused = tensors.remove(fusion.fused());
    boolean isTwice = fusion.names().stream().anyMatch(tensors::containsKey);
    if (isTwice || !fused.dtype().isWritable() || !fused.shape().equals(shape(fusion, wanted))) {
      fits = false;
      return;
    }
    for (int expert = 0; expert < fusion.singles().size(); expert++) {
      TensorSource all = fusion.isOfExperts() ? fused.section(0, expert, expert + 1) : fused;
      int rows = fusion.isOfExperts() ? 1 : 0;
      long begin = 0;
      for (String single : fusion.singles().get(expert)) {
        Shape shape = wanted.get(single).shape();
        long end = begin + shape.dimensions().get(0);
        TensorSource part = all.section(rows, begin, end);
        tensors.put(single, fusion.isOfExperts() ? part.reshaped(shape) : part);
        begin = end;
      }
    }
  }

  /** All parts of an expert behind all of the one before. */
  private void join(Fusion fusion) {
    if (!tensors.keySet().containsAll(fusion.names())) { // another has taken them
      fits = false;
      return;
    }
    Shape shape = shape(fusion, tensors);
    List<TensorSource> parts = fusion.names().stream().map(tensors::remove).toList();
    boolean areAlike = parts.stream().map(TensorSource::dtype).distinct().count() == 1;
    if (!areAlike
        || !parts.get(0).dtype().isWritable()
        || !wanted.get(fusion.fused()).shape().equals(shape)) {
      fits = false;
      return;
    }
    if (!fusion.isOfExperts()) {
      tensors.put(fusion.fused(), TensorSource.joined(parts, 0));
      return;
    }
    List<TensorSource> experts = new ArrayList<>();
    int each = parts.size() / fusion.singles().size();
    for (int i = 0; i < parts.size(); i += each) {
      List<TensorSource> rows =
          parts.subList(i, i + each).stream().map(Relaid::withAxisOfExperts).toList();
      experts.add(TensorSource.joined(rows, 1));
    }
    tensors.put(fusion.fused(), TensorSource.joined(experts, 0));
  }

  private static TensorSource withAxisOfExperts(TensorSource single) {
    List<Long> dimensions = new ArrayList<>(single.shape().dimensions());
    dimensions.add(0, 1L);
    return single.reshaped(new Shape(dimensions));
  }

  /** The shape that the parts make; of no axis if they do not go together. */
  private static Shape shape(Fusion fusion, Map<String, TensorSource> singles) {
    List<Shape> parts = fusion.names().stream().map(singles::get).map(TensorSource::shape).toList();
    int each = parts.size() / fusion.singles().size();
    List<Long> first = parts.get(0).dimensions();
    long rows = 0;
    for (int i = 0; i < parts.size(); i++) {
      List<Long> dimensions = parts.get(i).dimensions();
      boolean goesAlong =
          !dimensions.isEmpty()
              && dimensions.subList(1, dimensions.size()).equals(first.subList(1, first.size()))
              && parts.get(i).equals(parts.get(i % each));
      if (!goesAlong) {
        return Shape.of();
      }
      rows += i < each ? dimensions.get(0) : 0;
    }
    List<Long> dimensions = new ArrayList<>(first);
    dimensions.set(0, rows);
    if (fusion.isOfExperts()) {
      dimensions.add(0, (long) fusion.singles().size());
    }
    return new Shape(dimensions);
  }
}
