package dev.stockpot.merge.extract;

import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.merge.model.Baked;
import dev.stockpot.merge.model.Change;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Gathered;
import dev.stockpot.merge.model.Addition;
import dev.stockpot.merge.model.LowRank;
import dev.stockpot.merge.model.Made;
import dev.stockpot.merge.model.Reduced;
import dev.stockpot.merge.model.RowLengths;
import dev.stockpot.merge.model.RowMean;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.model.View;
import dev.stockpot.merge.plan.Delta.Products.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The thin matrices that adapters add to a tensor of their base, with what each of them counts. */
final class AdapterTerms {
  private AdapterTerms() {}

  /**
   * Those of a tensor of a weighted sum of models, each of which is the base with adapters on top.
   *
   * @return nothing if some model holds something else there than the base with such products
   */
  static Optional<List<Term>> of(TensorChange change) {
    List<TensorSource> models = change.models();
    List<Map.Entry<String, ParameterValues>> values = change.planned().models();
    List<Term> terms = new ArrayList<>();
    for (int place = 0; place < models.size(); place++) {
      if (models.get(place).identity().equals(change.base().identity())) {
        continue;
      }
      Optional<List<LowRank>> products = models.get(place).accept(new OnBase(change.base()));
      if (products.isEmpty()) {
        return Optional.empty();
      }
      double weight = weight(change, values.get(place).getValue());
      for (LowRank product : products.get()) {
        terms.add(
            new Term(
                product.left(), product.right(), product.rank(), product.scale(), weight, place));
      }
    }
    return Optional.of(terms);
  }

  /** What a model counts in task arithmetic. */
  private static double weight(TensorChange change, ParameterValues own) {
    Map<String, Object> merge = change.planned().merge().values();
    double sum = 0;
    for (Map.Entry<String, ParameterValues> model : change.planned().models()) {
      sum += number(model.getValue().values().get("weight"), 0);
    }
    boolean isNormalized = Boolean.TRUE.equals(merge.get("normalize")) && sum != 0;
    return number(own.values().get("weight"), 0)
        * number(merge.get("lambda"), 1)
        / (isNormalized ? sum : 1);
  }

  private static double number(Object value, double otherwise) {
    return value instanceof Number number ? number.doubleValue() : otherwise;
  }

  /** The products that are added to a base, if nothing else is done to it. */
  private record OnBase(TensorSource base) implements TensorSource.Visitor<Optional<List<LowRank>>> {
    @Override
    public Optional<List<LowRank>> baked(Baked source) {
      if (!source.base().identity().equals(base.identity())) {
        return source.changes().isEmpty() ? source.base().accept(this) : Optional.empty();
      }
      List<LowRank> products = new ArrayList<>();
      for (Change change : source.changes()) {
        Optional<LowRank> product = change.accept(new Plain());
        if (product.isEmpty()) {
          return Optional.empty();
        }
        products.add(product.get());
      }
      return Optional.of(products);
    }

    @Override
    public Optional<List<LowRank>> stored(Stored source) {
      return Optional.empty();
    }

    @Override
    public Optional<List<LowRank>> view(View source) {
      return Optional.empty();
    }

    @Override
    public Optional<List<LowRank>> made(Made source) {
      return Optional.empty();
    }

    @Override
    public Optional<List<LowRank>> gathered(Gathered source) {
      return Optional.empty();
    }

    @Override
    public Optional<List<LowRank>> dequantised(Dequantised source) {
      return Optional.empty();
    }

    @Override
    public Optional<List<LowRank>> rowMean(RowMean source) {
      return Optional.empty();
    }

    @Override
    public Optional<List<LowRank>> reduced(Reduced source) {
      return Optional.empty();
    }
  }

  /** A product for all of a matrix. */
  private static final class Plain implements Change.Visitor<Optional<LowRank>> {
    @Override
    public Optional<LowRank> lowRank(LowRank change) {
      return change.batches() == 1 ? Optional.of(change) : Optional.empty();
    }

    @Override
    public Optional<LowRank> rowLengths(RowLengths change) {
      return Optional.empty();
    }

    @Override
    public Optional<LowRank> addition(Addition change) {
      return Optional.empty();
    }
  }
}
