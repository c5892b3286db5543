package dev.stockpot.kernels.methods.moments;

import dev.stockpot.kernels.matrix.Demand;
import dev.stockpot.kernels.matrix.Matrices;
import dev.stockpot.kernels.method.PostProgram;
import dev.stockpot.kernels.method.SideInput;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.method.WholeTensor;
import dev.stockpot.kernels.number.Shape;
import java.io.Serializable;
import java.util.List;

/**
 * {@link Repair} of a weight or a bias.
 *
 * @param isBias whether it is the bias of the channels, else their weights
 * @param areColumns whether weights are stored as inputs x channels
 * @param moments of both models
 * @param together both models' products, where they are told
 * @param merged the merged model's moments, where they are told
 */
record RepairProgram(
    Shape shape,
    Shares shares,
    boolean isBias,
    boolean areColumns,
    double most,
    List<Moments> moments,
    List<Products> together,
    List<Moments> merged)
    implements PostProgram {
  RepairProgram {
    moments = List.copyOf(moments);
    together = List.copyOf(together);
    merged = List.copyOf(merged);
  }

  /**
   * Where moments of channels stand among the operands.
   *
   * @param count of what they are of
   */
  record Moments(int mean, int squares, double count) implements Serializable {
    double mean(List<WholeTensor> all, int channel) {
      return all.get(mean).at(channel);
    }

    double deviation(List<WholeTensor> all, int channel) {
      return Math.sqrt(Math.max(0, all.get(squares).at(channel)) / count);
    }
  }

  /**
   * Where sums over both models' channels stand among the operands.
   *
   * @param first the first model's sum
   * @param second the second model's
   * @param count of what they are of
   */
  record Products(int products, int first, int second, double count) implements Serializable {
    double covariance(List<WholeTensor> all, int channel) {
      double means = all.get(first).at(channel) / count * (all.get(second).at(channel) / count);
      return all.get(products).at(channel) / count - means;
    }
  }

  static RepairProgram of(TensorTerms terms, boolean isBias, double most) {
    List<Integer> means = Repair.MEANS.places(terms);
    List<Integer> squares = Repair.SQUARES.places(terms);
    SideInput.Facts facts = terms.factsAt(means.get(0));
    List<Moments> moments =
        List.of(
            moments(terms, means.get(0), squares.get(0)),
            moments(terms, means.get(1), squares.get(1)));
    List<Integer> merged = Repair.MERGED_MEANS.places(terms);
    List<Integer> together = Repair.TOGETHER.places(terms);
    return new RepairProgram(
        terms.shape(),
        Shares.of(terms),
        isBias,
        facts.isTransposed(),
        most,
        moments,
        together.isEmpty() ? List.of() : List.of(products(terms, together.get(0))),
        merged.isEmpty()
            ? List.of()
            : List.of(moments(terms, merged.get(0), Repair.MERGED_SQUARES.places(terms).get(0))));
  }

  private static Products products(TensorTerms terms, int place) {
    return new Products(
        place,
        Repair.FIRST_SUM.places(terms).get(0),
        Repair.SECOND_SUM.places(terms).get(0),
        terms.factsAt(place).count());
  }

  private static Moments moments(TensorTerms terms, int mean, int squares) {
    return new Moments(mean, squares, terms.factsAt(mean).count());
  }

  @Override
  public Demand demand() {
    return Demand.matrix(1, shape.elements()).each(2);
  }

  @Override
  public void change(Matrices algebra, List<WholeTensor> all, WholeTensor merged) {
    double[] elements = Shares.elements(merged);
    shares.require(Repair.NAME, all, elements);
    int channels = Math.toIntExact(all.get(moments.get(0).mean()).shape().elements());
    int run = elements.length / channels;
    for (int channel = 0; channel < channels; channel++) {
      double gain = gain(all, channel);
      if (isBias) {
        double wanted = mean(all, channel);
        double found = this.merged.isEmpty() ? wanted : this.merged.get(0).mean(all, channel);
        elements[channel] = gain * (elements[channel] - found) + wanted;
        continue;
      }
      for (int i = 0; i < run; i++) {
        elements[areColumns ? i * channels + channel : channel * run + i] *= gain;
      }
    }
    Shares.write(algebra, elements, merged);
  }

  /** The mean that a channel is to have. */
  private double mean(List<WholeTensor> all, int channel) {
    return shares.of(0) * moments.get(0).mean(all, channel)
        + shares.of(1) * moments.get(1).mean(all, channel);
  }

  /** What a channel is to be multiplied by. Of a channel that never varied nothing is known. */
  private double gain(List<WholeTensor> all, int channel) {
    double first = shares.of(0) * moments.get(0).deviation(all, channel);
    double second = shares.of(1) * moments.get(1).deviation(all, channel);
    double wanted = first + second;
    double found;
    if (!merged.isEmpty()) {
      found = merged.get(0).deviation(all, channel);
    } else {
      double covariance = together.get(0).covariance(all, channel);
      double square =
          first * first + second * second + 2 * shares.of(0) * shares.of(1) * covariance;
      found = Math.sqrt(Math.max(0, square));
    }
    return wanted == 0 || !Double.isFinite(wanted) ? 1 : Math.min(most, wanted / found);
  }
}
