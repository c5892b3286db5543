package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DamagedRecipeTest {
  private static final List<String> PIECES =
      List.of(
          "", " ", "\n", ":", "- ", "[", "]", "{", "}", "*a", "&a ", "<<: ", "~", "'", "0", "-1",
          "!!int ", "---\n", "true", "ties", "model", "weight", "\t", "\u0000", "\uD800", "|", "#");

  private static final String RECIPE =
      """
      merge_method: ties
      base_model: base
      slices:
        - sources:
            - model: base
              layer_range: [0, 24]
            - model: {model: {path: a}}
              layer_range: [8, 32]
              parameters: &a
                weight:
                  - filter: mlp
                    value: [0.5, 1]
                  - value: 1
        - base_model: b
          sources:
            - {model: b, layer_range: [2, 3], parameters: *a}
            - {model: c, layer_range: [2, 3], parameters: {<<: *a, density: 0.5}}
      parameters: {normalize: yes, lambda: 1e-1}
      dtype: bfloat16
      """;

  @Test
  void damageIsReportedAsProblemsAndNeverAsAnythingElse() {
    Random random = new Random(7);
    int problematic = 0;
    for (int i = 0; i < 4_000; i++) {
      StringBuilder damaged = new StringBuilder(RECIPE);
      for (int cuts = 1 + random.nextInt(3); cuts > 0; cuts--) {
        int begin = random.nextInt(damaged.length());
        int end = Math.min(damaged.length(), begin + random.nextInt(12));
        damaged.replace(begin, end, PIECES.get(random.nextInt(PIECES.size())));
      }
      try {
        assertThat(Recipes.parse(damaged.toString()).slices()).isNotEmpty();
      } catch (RecipeException e) {
        problematic++;
        assertThat(e.getMessage().lines()).allMatch(line -> line.startsWith("recipe.yml:"));
      }
    }
    assertThat(problematic).isGreaterThan(2_000); // or the damage would be too mild to tell
  }

  @Test
  void theUndamagedRecipeIsValid() {
    assertThat(Recipes.parse(RECIPE).slices()).hasSize(2);
  }
}
