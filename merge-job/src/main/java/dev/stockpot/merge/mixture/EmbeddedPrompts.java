package dev.stockpot.merge.mixture;

import dev.stockpot.merge.model.ElementSpan;
import dev.stockpot.merge.model.StoredNumbers;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.MixtureChoice;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import dev.stockpot.merge.recipe.Problems;
import dev.stockpot.merge.storage.ObjectSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows of routers from embeddings alone: the sum over all tokens of an expert's positive prompts,
 * of length 1, less that of its negative ones.
 */
final class EmbeddedPrompts {
  static final String EMBEDDING = "model.embed_tokens.weight";

  private final DenseModel base;
  private final ObjectSource store;
  private final PromptTokens tokenizer;
  private final Problems problems;
  private final Map<Integer, double[]> known = new HashMap<>();

  EmbeddedPrompts(
      DenseModel base, ObjectSource store, PromptTokens tokenizer, Problems problems) {
    this.base = base;
    this.store = store;
    this.tokenizer = tokenizer;
    this.problems = problems;
  }

  /** The rows, before they are scaled; nothing if they cannot be had, which is a problem then. */
  Optional<RouterRows> rows(MixtureChoice mixture) throws IOException {
    Optional<TensorSource> embedding = base.tensor(EMBEDDING);
    int line = mixture.gates().line();
    if (embedding.isEmpty() || !StoredNumbers.canRead(embedding.get())) {
      problems.add(
          line,
          "`gate_mode: cheap_embed` reads %s of %s, which %s; write that model first, or give a `gate_file`"
              .formatted(
                  EMBEDDING, base.name(), embedding.isEmpty() ? "has none" : "is not stored as it is"));
      return Optional.empty();
    }
    Map<String, int[]> tokens = tokens(mixture);
    int rows = Math.toIntExact(embedding.get().shape().dimensions().get(0));
    for (Map.Entry<String, int[]> prompt : tokens.entrySet()) {
      for (int token : prompt.getValue()) {
        if (token >= rows) {
          problems.add(
              line,
              "token %s of the prompt `%s` has no row in %s of %s, which has %s"
                  .formatted(token, prompt.getKey(), EMBEDDING, base.name(), rows));
          return Optional.empty();
        }
      }
    }
    List<double[]> all = new ArrayList<>();
    for (Expert expert : mixture.all()) {
      if (expert.positive().isEmpty()) {
        continue; // a shared one without a gate
      }
      double[] row = RouterRows.normalized(sum(expert.positive(), tokens, embedding.get()));
      all.add(
          expert.negative().isEmpty()
              ? row
              : RouterRows.difference(
                  row, RouterRows.normalized(sum(expert.negative(), tokens, embedding.get()))));
    }
    return Optional.of(new RouterRows(all));
  }

  private Map<String, int[]> tokens(MixtureChoice mixture) throws IOException {
    Map<String, int[]> tokens = new LinkedHashMap<>();
    List<String> open = new ArrayList<>();
    for (String prompt : mixture.prompts()) {
      List<Integer> given = mixture.gates().promptIds().get(prompt);
      if (given == null) {
        open.add(prompt);
      } else {
        tokens.put(prompt, given.stream().mapToInt(Integer::intValue).toArray());
      }
    }
    if (!open.isEmpty()) {
      List<int[]> found = tokenizer.of(open, base.name(), base.model().companions());
      for (int i = 0; i < open.size(); i++) {
        tokens.put(open.get(i), found.get(i));
      }
    }
    return tokens;
  }

  private double[] sum(List<String> prompts, Map<String, int[]> tokens, TensorSource embedding)
      throws IOException {
    int width = Math.toIntExact(embedding.shape().columns());
    double[] sum = new double[width];
    for (String prompt : prompts) {
      for (int token : tokens.get(prompt)) {
        double[] row = row(token, embedding, width);
        for (int i = 0; i < width; i++) {
          sum[i] += row[i];
        }
      }
    }
    return sum;
  }

  private double[] row(int token, TensorSource embedding, int width) throws IOException {
    double[] row = known.get(token);
    if (row == null) {
      row =
          new StoredNumbers(store)
              .read(embedding, new ElementSpan((long) token * width, width));
      known.put(token, row);
    }
    return row;
  }
}
