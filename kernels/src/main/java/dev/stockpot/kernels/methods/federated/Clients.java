package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.method.Judgement;
import dev.stockpot.kernels.method.Judgement.Verdict;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What is known of the clients of a round. Those whose numbers are not all finite are hostile,
 * whatever else they are, and count among the {@code f} that a rule was told of.
 *
 * @param places of the clients among the inputs
 * @param deltas places of those that are changes of the server's model
 * @param squared how far each is from the server's model, and, where asked, from each other client
 * @param checksums of the server's model, then of each client, then of what it remembers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Clients(
    List<Integer> places, List<Integer> deltas, double[][] squared, List<Integer> checksums) {
  /** Why a client is left out whose numbers are broken. */
  static final String BROKEN = "it holds NaN or infinity";

  /** The place of the server's model among the distances: behind the clients. */
  int server() {
    return places.size();
  }

  static Clients of(ClientScan scan, Statistic found) {
    ClientScan.Found both = (ClientScan.Found) found;
    PartialSums sums = both.sums();
    int count = scan.clients().size();
    double[][] squared = new double[count + 1][count + 1];
    int sum = count;
    for (int i = 0; i < count; i++) {
      set(squared, i, count, sums.total(i));
      for (int j = i + 1; j < count && scan.isOfPairs(); j++) {
        set(squared, i, j, sums.total(sum++));
      }
    }
    return new Clients(
        scan.clients(),
        scan.deltas(),
        squared,
        both.checksums().pieces().stream().map(Checksums.Piece::crc32c).toList());
  }

  private static void set(double[][] squared, int i, int j, double value) {
    squared[i][j] = value;
    squared[j][i] = value;
  }

  /** Those that may be believed, by their places here. */
  List<Integer> sound() {
    return IntStream.range(0, places.size()).filter(this::isSound).boxed().toList();
  }

  private boolean isSound(int client) {
    return Double.isFinite(squared[client][server()]);
  }

  /** Whether a client is what it changed of the server's model, and not a model. */
  boolean isDelta(int client) {
    return deltas.contains(places.get(client));
  }

  /** How many are broken. */
  int broken() {
    return places.size() - sound().size();
  }

  /** How far a client went from the server's model. */
  double distance(int client) {
    return Math.sqrt(squared[client][server()]);
  }

  int checksum(int client) {
    return checksums.get(1 + client);
  }

  /** The distances of some clients to each other. */
  double[][] between(List<Integer> some) {
    double[][] between = new double[some.size()][some.size()];
    for (int i = 0; i < some.size(); i++) {
      for (int j = 0; j < some.size(); j++) {
        between[i][j] = squared[some.get(i)][some.get(j)];
      }
    }
    return between;
  }

  /** The scalar product of what two clients changed of the server's model. */
  double product(int one, int other) {
    return (squared[one][server()] + squared[other][server()] - squared[one][other]) / 2;
  }

  /** What is told of a round, by the place of each client here. */
  final class Told {
    private final double[] scores = new double[places.size()];
    private final double[] weights = new double[places.size()];
    private final String[] why = new String[places.size()];

    Told() {
      for (int i = 0; i < why.length; i++) {
        scores[i] = Double.NaN;
        why[i] = isSound(i) ? "" : BROKEN;
      }
    }

    Told score(int client, double score) {
      scores[client] = score;
      return this;
    }

    Told weight(int client, double weight) {
      weights[client] = weight;
      return this;
    }

    Told leftOut(int client, String because) {
      why[client] = because;
      return this;
    }

    Judgement judgement(Map<String, Double> carried) {
      List<Verdict> verdicts = new ArrayList<>();
      for (int i = 0; i < why.length; i++) {
        verdicts.add(
            new Verdict(
                places.get(i), checksums.get(1 + i), distance(i), scores[i], weights[i], why[i]));
      }
      List<Integer> states = checksums.subList(1 + places.size(), checksums.size());
      return new Judgement(checksums.get(0), states, verdicts, carried);
    }
  }
}
