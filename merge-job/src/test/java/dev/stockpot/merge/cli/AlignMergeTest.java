package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Models that are aligned before they are merged, by the command line. */
class AlignMergeTest extends AlignCases {
  private void assertIsA(String output) throws IOException {
    Tensors a = new Tensors(folder.resolve("a"));
    Tensors out = new Tensors(folder.resolve(output));
    for (String name : a.checkpoint().tensors().keySet()) {
      assertThat(out.bytes(name)).as(name).isEqualTo(a.bytes(name));
    }
  }

  @Test
  void theAverageOfAModelAndItsPermutedCopyIsTheModel() throws IOException {
    CommandLineRun run = merge(average("moved", "{to: a}")).succeeds();
    assertIsA("out");
    assertThat(run.out() + run.err())
        .contains("moved is aligned by spec mlp before it is merged: 1 groups of up to 5 units")
        .contains("units that moved (share): 1.0000 of hidden.0 of moved")
        .contains("distance after alignment: 0.0000 of hidden.0 of moved");
    assertThat(Files.readString(folder.resolve("out/stockpot-manifest.json")))
        .contains("units that moved (share)", "distance before alignment", "hidden.0 of moved");
    CommandLineRun.of("verify", folder.resolve("out")).succeeds();
  }

  @Test
  void aRecipeOfOneAlignedModelWritesIt() throws IOException {
    merge(
            """
            merge_method: passthrough
            models:
              - model: moved
                align: {to: a}
            """)
        .succeeds();
    assertIsA("out");
  }

  @Test
  void theBaseModelIsMeantByItsWord() throws IOException {
    merge(
            """
            merge_method: task_arithmetic
            base_model: a
            models:
              - model: moved
                align: {to: base}
                parameters: {weight: 1}
            """)
        .succeeds();
    assertIsA("out");
  }

  @Test
  void severalModelsAreAlignedToOne() throws IOException {
    merge(
            """
            merge_method: linear
            models:
              - {model: a, parameters: {weight: 0.5}}
              - {model: moved, align: {to: a}, parameters: {weight: 0.25}}
              - {model: other, align: {to: a}, parameters: {weight: 0.25}}
            """)
        .succeeds();
    Tensors out = new Tensors(folder.resolve("out"));
    assertThat(out.values("2.bias")).containsExactly(1, 2);
    assertThat(Files.readString(folder.resolve("out/stockpot-manifest.json")))
        .contains("hidden.0 of moved", "hidden.0 of other");
  }

  @Test
  void anAlignedModelComputesWhatItDid() throws IOException {
    merge(
            """
            merge_method: passthrough
            models:
              - {model: other, align: {to: a}}
            """)
        .succeeds();
    double[] x = {0.3, -1.2, 0.7};
    assertThat(outputs("out", x))
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(outputs("other", x));
    assertThat(new Tensors(folder.resolve("out")).bytes("0.weight"))
        .isNotEqualTo(new Tensors(folder.resolve("other")).bytes("0.weight"));
  }

  private double[] outputs(String model, double[] x) throws IOException {
    Tensors tensors = new Tensors(folder.resolve(model));
    double[] in = tensors.values("0.weight");
    double[] bias = tensors.values("0.bias");
    double[] out = tensors.values("2.weight");
    double[] y = tensors.values("2.bias").clone();
    for (int unit = 0; unit < 5; unit++) {
      double sum = bias[unit];
      for (int i = 0; i < 3; i++) {
        sum += in[3 * unit + i] * x[i];
      }
      for (int i = 0; i < 2; i++) {
        y[i] += out[5 * i + unit] * Math.max(0, sum);
      }
    }
    return y;
  }

  @Test
  void aPlanSaysWhatIsMatchedAndMatchesNothing() throws IOException {
    Path recipe = Files.writeString(folder.resolve("r.yml"), average("moved", "{to: a}"));
    CommandLineRun plan =
        CommandLineRun.of("plan", recipe, "--set", "model-root=" + folder).succeeds();
    assertThat(plan.out() + plan.err())
        .contains("moved is aligned by spec mlp before it is merged")
        .contains("in 1 tasks of at most");
  }

  @Test
  void tasksAndKernelsChangeNoByte() throws IOException {
    String recipe = average("other", "{to: a}");
    merge(recipe, "--set", "tasks=1", "--set", "provider=scalar").succeeds();
    CommandLineRun.merging(folder, "again", recipe, "--set", "tasks=4").succeeds();
    Tensors one = new Tensors(folder.resolve("out"));
    Tensors other = new Tensors(folder.resolve("again"));
    for (String name : one.checkpoint().tensors().keySet()) {
      assertThat(other.bytes(name)).as(name).isEqualTo(one.bytes(name));
    }
  }

  @Test
  void whatIsThereIsMatchedAgainAndLeftAsItIs() throws IOException {
    merge(average("moved", "{to: a}")).succeeds();
    CommandLineRun again = merge(average("moved", "{to: a}"), "--resume").succeeds();
    assertThat(again.out() + again.err()).contains("already");
    assertIsA("out");
  }

  @Test
  void aStageCanBeAlignedAndAlignedTo() throws IOException {
    merge(
            """
            name: first
            merge_method: passthrough
            models:
              - model: moved
            ---
            merge_method: linear
            models:
              - {model: a, parameters: {weight: 0.5}}
              - {model: first, align: {to: a}, parameters: {weight: 0.5}}
            """,
            "--keep-stages")
        .succeeds();
    assertIsA("out");
  }

  @Test
  void aModelThatIsRenamedIsAlignedUnderItsNewNames() throws IOException {
    ModelFolder.at(folder.resolve("named"))
        .matrix("module.0.weight", floats("moved", "0.weight"), 5, 3)
        .floats("module.0.bias", floats("moved", "0.bias"))
        .matrix("module.2.weight", floats("moved", "2.weight"), 2, 5)
        .floats("module.2.bias", 1, 2)
        .write();
    merge(average("named", "{to: a}\n    rename: [module]")).succeeds();
    assertIsA("out");
  }

  private float[] floats(String model, String tensor) throws IOException {
    double[] values = new Tensors(folder.resolve(model)).values(tensor);
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Test
  void inspectShowsWhichUnitsMayChangePlacesAndASpecOfThatIsTaken() throws IOException {
    CommandLineRun shown =
        CommandLineRun.of("inspect", folder.resolve("a"), "--permutations").succeeds();
    assertThat(shown.out()).contains("hidden.0: {} # 5 units", "'2.weight': 'fixed, hidden.0'");
    Files.writeString(folder.resolve("spec.yml"), shown.out());
    merge(average("moved", "{to: a, spec: spec.yml}")).succeeds();
    assertIsA("out");
    Path spec = folder.resolve("spec.yml");
    assertThat(
            CommandLineRun.of("inspect", folder.resolve("a"), "--permutations", "--spec", spec)
                .succeeds()
                .out())
        .contains("hidden.0: {} # 5 units");
  }
}
