package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.statistic.PartialSums;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds what a server wants to know of its clients before it believes them: how far each went from
 * the server's model, {@code Σ (θᵢ − θ₀)²}, where asked how far all are from each other, and a
 * checksum of each. What holds a NaN or an infinity has no finite distance.
 *
 * @param base place of the server's model
 * @param clients their places
 * @param deltas those of them that are changes of the server's model, and no models
 * @param states places of what the server remembers
 * @param isOfPairs whether distances between clients are wanted too
 */
record ClientScan(
    int base, List<Integer> clients, List<Integer> deltas, List<Integer> states, boolean isOfPairs)
    implements Scan {
  ClientScan {
    clients = List.copyOf(clients);
    deltas = List.copyOf(deltas);
    states = List.copyOf(states);
  }

  /** Of so many clients, how many sums there are. */
  private int sums() {
    int count = clients.size();
    return count + (isOfPairs ? count * (count - 1) / 2 : 0);
  }

  @Override
  public <V> BlockScan open(Kernels<V> kernels) {
    V origin = kernels.vector();
    V difference = kernels.vector();
    List<V> vectors =
        Stream.generate(kernels::vector).limit(isOfPairs ? clients.size() : 1).toList();
    PartialSums.Builder sums = new PartialSums.Builder(sums());
    List<Integer> all = new ArrayList<>(List.of(base));
    all.addAll(clients);
    all.addAll(states);
    Checksums.Builder checksums = new Checksums.Builder(all);
    return new BlockScan() {
      @Override
      public void scan(Block block, List<Operand> operands) {
        checksums.add(block, operands);
        kernels.begin(block);
        sums.begin(block);
        kernels.load(operands.get(base), origin);
        for (int i = 0; i < clients.size(); i++) {
          V client = vectors.get(isOfPairs ? i : 0);
          kernels.load(operands.get(clients.get(i)), client);
          if (deltas.contains(clients.get(i))) {
            kernels.addProducts(client, client, sums.sum(i));
            kernels.add(origin, client, client);
          } else {
            kernels.subtract(client, origin, difference);
            kernels.addProducts(difference, difference, sums.sum(i));
          }
        }
        if (isOfPairs) {
          addPairs();
        }
      }

      private void addPairs() {
        int sum = clients.size();
        for (int i = 0; i < clients.size(); i++) {
          for (int j = i + 1; j < clients.size(); j++) {
            kernels.subtract(vectors.get(i), vectors.get(j), difference);
            kernels.addProducts(difference, difference, sums.sum(sum++));
          }
        }
      }

      @Override
      public Statistic found() {
        return new Found(sums.found(), checksums.found());
      }
    };
  }

  /** Sums and checksums of the same elements. */
  record Found(PartialSums sums, Checksums checksums) implements Statistic {
    @Override
    public Found plus(Statistic next) {
      if (!(next instanceof Found more)) {
        throw new IllegalArgumentException("%s after what is known of clients".formatted(next));
      }
      return new Found(sums.plus(more.sums), checksums.plus(more.checksums));
    }
  }
}
