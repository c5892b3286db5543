package dev.stockpot.merge.vocabulary;

import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.random.Rounding;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.RowMap;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Models as they are under the vocabulary of the result. */
final class RowViews {
  private final List<Member> members;
  private final RowOrigins origins;
  private final int rows;
  private final boolean keepsPadding;
  private final Map<Asked, TensorSource> means = new HashMap<>();

  /** Means for one kind of tensor. */
  private record Asked(int means, RowPart part, String name) {}

  /**
   * Under a vocabulary.
   *
   * @param rows of all tensors: as many as tokens, or more
   * @param keepsPadding whether a model's own rows that no token has stay where they are
   */
  RowViews(List<Member> members, RowOrigins origins, int rows, boolean keepsPadding) {
    this.members = members;
    this.origins = origins;
    this.rows = rows;
    this.keepsPadding = keepsPadding;
  }

  /** A model whose tensors have a row for each token of the result. */
  Model of(int place) {
    Member member = members.get(place);
    Map<String, TensorSource> tensors = new LinkedHashMap<>(member.model().tensors());
    for (RowTensor tensor : member.tensors()) {
      tensors.put(tensor.name(), view(place, tensor));
    }
    return member.model().with(tensors);
  }

  private TensorSource view(int place, RowTensor tensor) {
    Rows made = new Rows(place, tensor);
    for (int id = 0; id < origins.tokens(); id++) {
      made.add(origins.owner(place, id), origins.row(place, id));
    }
    made.pad();
    return made.source();
  }

  /** The rows of one tensor, one after the other. */
  private final class Rows {
    private final int place;
    private final RowTensor tensor;
    private final List<TensorSource> sources = new ArrayList<>();
    private final Map<Integer, Integer> places = new HashMap<>();
    private final RowMap.Builder map = new RowMap.Builder();

    Rows(int place, RowTensor tensor) {
      this.place = place;
      this.tensor = tensor;
      sources.add(tensor.source());
      places.put(place, 0);
    }

    void add(int owner, int row) {
      if (owner == RowOrigins.ZEROS) {
        map.addZeros(1);
      } else {
        map.add(places.computeIfAbsent(owner, this::source), row);
      }
    }

    private int source(int owner) {
      sources.add(
          owner <= RowOrigins.MEANS
              ? mean(origins.means().get(RowOrigins.MEANS - owner), place, tensor)
              : likeIn(owner, place, tensor));
      return sources.size() - 1;
    }

    /** Rows that no token has: the model's own, or the mean of all that tokens have. */
    void pad() {
      if (rows == origins.tokens()) {
        return;
      }
      RowMap tokens = map.build();
      BitSet used = keepsPadding ? used() : new BitSet();
      OptionalInt mean = OptionalInt.empty();
      for (int row = origins.tokens(); row < rows; row++) {
        if (keepsPadding && row < tensor.rows() && !used.get(row)) {
          map.add(0, row);
        } else {
          if (mean.isEmpty()) {
            sources.add(new RowMean(new Gathered(sources, tokens, tensor.axis())));
            mean = OptionalInt.of(sources.size() - 1);
          }
          map.add(mean.getAsInt(), 0);
        }
      }
    }

    /** The model's rows that a token has, old or new. */
    private BitSet used() {
      BitSet used = new BitSet();
      used.set(0, members.get(place).tokens());
      return used;
    }

    TensorSource source() {
      RowMap all = map.build();
      return all.keepsPlaces() && all.rows() == tensor.rows()
          ? tensor.source()
          : new Gathered(sources, all, tensor.axis());
    }
  }

  /** The tensor of another model whose rows are taken. */
  private TensorSource likeIn(int owner, int place, RowTensor tensor) {
    Member member = members.get(owner);
    Member taker = members.get(place);
    RowTensor like =
        member
            .like(tensor)
            .orElseThrow(
                () -> UnlikeRowsException.lacking(taker.reference(), member.reference(), tensor));
    if (!like.fits(tensor)) {
      throw UnlikeRowsException.ofOtherShape(taker.reference(), tensor, member.reference(), like);
    }
    return like.source();
  }

  /** Means of rows of several models, as the method {@code linear} makes them. */
  private TensorSource mean(RowOrigins.MeanRows wanted, int place, RowTensor tensor) {
    Asked asked = new Asked(wanted.number(), tensor.part(), tensor.name());
    TensorSource known = means.get(asked);
    if (known == null) {
      known = made(wanted, place, tensor);
      means.put(asked, known);
    }
    return known;
  }

  private TensorSource made(RowOrigins.MeanRows wanted, int place, RowTensor tensor) {
    List<TensorSource> inputs = new ArrayList<>();
    for (int owner : wanted.owners()) {
      RowMap.Builder map = new RowMap.Builder();
      wanted.ids().forEach(id -> map.add(0, origins.own(owner, id)));
      inputs.add(new Gathered(List.of(likeIn(owner, place, tensor)), map.build(), tensor.axis()));
    }
    TensorTerms terms =
        new TensorTerms(
            tensor.name(),
            inputs.get(0).shape(),
            0,
            Collections.nCopies(inputs.size(), new ParameterValues(Map.of("weight", 1.0))),
            OptionalInt.empty(),
            new ParameterValues(Map.of("normalize", true)),
            0);
    MergeProgram program = MergeMethods.named("linear").orElseThrow().program(terms);
    return new Made(
        "the mean of rows of " + tensor.name(),
        DType.F32,
        inputs.get(0).shape(),
        inputs,
        program,
        Rounding.NEAREST,
        "mean");
  }
}
