package dev.stockpot.kernels.methods.spectral;

import dev.stockpot.kernels.methods.MatrixMerging.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cases that scripts have made, which lie beside the files that they made. */
final class References {
  private References() {}

  /** A base and models of some method, and what NumPy makes of them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Case(String method, Tensor base, List<Tensor> models, double[][] merged) {
    /** The base, then the models. */
    Tensor[] inputs() {
      List<Tensor> all = new ArrayList<>(List.of(base));
      all.addAll(models);
      return all.toArray(Tensor[]::new);
    }

    @Override
    public String toString() {
      return "%s of %s %s".formatted(method, models.size(), base.shape());
    }
  }

  /** Those of {@code reference.py}. */
  static List<Case> all() {
    return of("reference.txt");
  }

  /** Those in a file. */
  static List<Case> of(String file) {
    List<Case> cases = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    for (String line : lines(file)) {
      String[] words = line.split(" ");
      double[][] rows = rows(words);
      if (words[1].equals("merged")) {
        cases.add(
            new Case(
                words[0], tensors.get(0), List.copyOf(tensors.subList(1, tensors.size())), rows));
        tensors.clear();
      } else {
        tensors.add(Tensor.of(rows));
      }
    }
    return cases;
  }

  private static double[][] rows(String... words) {
    int columns = Integer.parseInt(words[3]);
    double[][] rows = new double[Integer.parseInt(words[2])][columns];
    for (int i = 4; i < words.length; i++) {
      rows[(i - 4) / columns][(i - 4) % columns] = Double.parseDouble(words[i]);
    }
    return rows;
  }

  private static List<String> lines(String file) {
    try (BufferedReader text =
        new BufferedReader(
            new InputStreamReader(
                References.class.getResourceAsStream(file), StandardCharsets.UTF_8))) {
      return text.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
