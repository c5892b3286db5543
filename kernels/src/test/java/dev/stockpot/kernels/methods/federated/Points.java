package dev.stockpot.kernels.methods.federated;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Clients as points of a space in which the server's model is the origin. */
final class Points {
  private Points() {}

  /** Whole models; the server's is input 0, the clients follow. Checksums count from 100. */
  static Clients of(double[]... clients) {
    return withDeltas(List.of(), clients);
  }

  /** As {@link #of}, some inputs being changes of the server's model. */
  static Clients withDeltas(List<Integer> deltas, double[]... clients) {
    List<double[]> all = new ArrayList<>(List.of(clients));
    all.add(new double[clients[0].length]);
    double[][] squared = new double[all.size()][all.size()];
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < all.size(); j++) {
        squared[i][j] = i == j ? 0 : squared(all.get(i), all.get(j));
      }
    }
    List<Integer> places = IntStream.rangeClosed(1, clients.length).boxed().toList();
    List<Integer> checksums = IntStream.range(100, 101 + clients.length).boxed().toList();
    return new Clients(places, deltas, squared, checksums);
  }

  /** On a line. */
  static Clients line(double... clients) {
    double[][] points = new double[clients.length][];
    for (int i = 0; i < clients.length; i++) {
      points[i] = new double[] {clients[i]};
    }
    return of(points);
  }

  private static double squared(double[] one, double[] other) {
    double sum = 0;
    for (int k = 0; k < one.length; k++) {
      sum += (one[k] - other[k]) * (one[k] - other[k]);
    }
    return sum;
  }
}
