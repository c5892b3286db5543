package dev.stockpot.kernels.observe;

import dev.stockpot.kernels.observe.Figures.Magnitudes;
import dev.stockpot.kernels.observe.Observer.Viewpoint;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was seen of a slice. Sums are kept by reduction block and added up in their order, so those
 * of a tensor are the same however it was cut.
 *
 * @param elements of the slice
 * @param sampled those that were looked at
 * @param partials the sums of the viewpoint for each reduction block that was looked at
 * @param magnitudes of each vector
 * @param dropped elements of each input that went through a drop, all of the slice's or none
 * @param kept those of them that were not zero afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Observation(
    Viewpoint view,
    long elements,
    long sampled,
    double[] partials,
    List<Magnitudes> magnitudes,
    long[] dropped,
    long[] kept)
    implements Statistic {

  public Observation {
    magnitudes = List.copyOf(magnitudes);
  }

  @Override
  public Observation plus(Statistic next) {
    if (!(next instanceof Observation more) || !more.view.equals(view)) {
      throw new IllegalArgumentException("%s after one of %s".formatted(next, view));
    }
    double[] all = Arrays.copyOf(partials, partials.length + more.partials.length);
    System.arraycopy(more.partials, 0, all, partials.length, more.partials.length);
    return new Observation(
        view,
        elements + more.elements,
        sampled + more.sampled,
        all,
        plus(magnitudes, more.magnitudes),
        plus(dropped, more.dropped),
        plus(kept, more.kept));
  }

  /** What follows for the whole tensor, of which this must be all slices. */
  public Figures figures() {
    double[] sums = new double[view.sums()];
    for (int i = 0; i < partials.length; i++) {
      sums[i % sums.length] += partials[i];
    }
    double scale = sampled == 0 ? 0 : (double) elements / sampled;
    for (int i = 0; i < sums.length; i++) {
      sums[i] *= scale;
    }
    return new Figures(view, elements, sampled, sums, magnitudes, dropped, kept);
  }

  static List<Magnitudes> plus(List<Magnitudes> a, List<Magnitudes> b) {
    List<Magnitudes> sums = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      sums.add(a.get(i).plus(b.get(i)));
    }
    return sums;
  }

  static long[] plus(long[] a, long[] b) {
    long[] sums = a.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += b[i];
    }
    return sums;
  }
}
