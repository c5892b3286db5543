package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics beside models that are aligned go where the units go. */
class AlignedStatisticsTest extends AlignCases {
  private static final int[] ORDER = {3, 0, 4, 1, 2}; // of the copy that is called moved

  private void assertSame(String one, String other) throws IOException {
    Tensors ours = new Tensors(folder.resolve(one));
    Tensors theirs = new Tensors(folder.resolve(other));
    for (String name : ours.checkpoint().tensors().keySet()) {
      assertThat(ours.bytes(name)).as(name).isEqualTo(theirs.bytes(name));
    }
  }

  private void merged(String recipe, String output) throws IOException {
    CommandLineRun.merging(folder, output, recipe).succeeds();
  }

  /** Of the copy with its own Gram matrices as of the model with its own, twice. */
  @ParameterizedTest
  @ValueSource(strings = {"gram", "gram_upper"})
  void gramMatricesDo(String form) throws IOException {
    TinyActivations activations = new TinyActivations(folder);
    activations.gram("a", form, "a.safetensors");
    activations.gram("moved", form, "moved.safetensors");
    activations.gram("other", form, "other.safetensors");
    String recipe =
        """
        merge_method: regmean
        models:
          - {model: other, statistics: {gram: other.safetensors}}
          - {model: %s, statistics: {gram: %s.safetensors}%s}
        """;
    merged(recipe.formatted("a", "a", ""), "plain");
    merged(recipe.formatted("moved", "moved", ", align: {to: a}"), "aligned");
    assertSame("aligned", "plain");
    merged(recipe.formatted("moved", "moved", ""), "astray");
    assertThat(new Tensors(folder.resolve("astray")).bytes("2.weight"))
        .isNotEqualTo(new Tensors(folder.resolve("plain")).bytes("2.weight"));
  }

  @Test
  void informationOfEachElementDoes() throws IOException {
    float[] in = drawn(15, 1);
    float[] bias = drawn(5, 2);
    float[] out = drawn(10, 3);
    fisher("fisher-a", in, bias, out);
    fisher("fisher-other", drawn(15, 4), drawn(5, 5), drawn(10, 6));
    float[] movedIn = new float[15];
    float[] movedBias = new float[5];
    float[] movedOut = new float[10];
    for (int place = 0; place < 5; place++) {
      System.arraycopy(in, 3 * ORDER[place], movedIn, 3 * place, 3);
      movedBias[place] = bias[ORDER[place]];
      movedOut[place] = out[ORDER[place]];
      movedOut[5 + place] = out[5 + ORDER[place]];
    }
    fisher("fisher-moved", movedIn, movedBias, movedOut);
    String recipe =
        """
        merge_method: fisher
        models:
          - {model: other, statistics: {fisher_diag: fisher-other.safetensors}}
          - {model: %s, statistics: {fisher_diag: fisher-%s.safetensors}%s}
        """;
    merged(recipe.formatted("a", "a", ""), "plain");
    merged(recipe.formatted("moved", "moved", ", align: {to: a}"), "aligned");
    assertSame("aligned", "plain");
  }

  private static float[] drawn(int count, long seed) {
    Random random = new Random(seed);
    float[] drawn = new float[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = random.nextFloat() + 0.1f;
    }
    return drawn;
  }

  private void fisher(String name, float[] in, float[] bias, float[] out) throws IOException {
    ModelFolder.at(folder)
        .metadata("kind", "fisher_diag")
        .metadata("normalised", "mean")
        .matrix("0.weight", in, 5, 3)
        .floats("0.bias", bias)
        .matrix("2.weight", out, 2, 5)
        .floats("2.bias", 1, 1)
        .write(name + ".safetensors");
  }

  @Test
  void ofTwoModelsAtOnceTheyAreRefused() throws IOException {
    fisher("both", drawn(15, 1), drawn(5, 2), drawn(10, 3));
    String recipe =
        """
        merge_method: fisher
        models:
          - {model: a, statistics: {fisher_diag: both.safetensors}}
          - {model: moved, align: {to: a}, statistics: {fisher_diag: both.safetensors}}
        """;
    assertThat(merge(recipe).err())
        .contains("both.safetensors lies beside moved and another model")
        .contains("give each its own");
  }

  @Test
  void productsOfBothAsTheyWereAreRefusedBehindAMerge() throws IOException {
    Path none = folder.resolve("none.safetensors");
    String recipe =
        """
        merge_method: linear
        models:
          - {model: a, statistics: {act_mean_std: %s}}
          - {model: moved, align: {to: a}, statistics: {act_mean_std: %s}}
        statistics: {crossgram: %s}
        post: [repair]
        """
            .formatted(none, none, none);
    assertThat(merge(recipe).err())
        .contains("`crossgram` beside `models` is of both as they are, and units of moved move");
  }
}
