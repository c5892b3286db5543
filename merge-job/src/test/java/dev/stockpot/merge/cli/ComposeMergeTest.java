package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that are put together by rules, from the recipe to the files. */
class ComposeMergeTest extends ComposeCases {
  @Test
  void modelsStandSideBySideUnderTheirNames() throws IOException {
    Tensors out =
        merged(
            """
            compose:
              - {from: a, under: left, except: '^head'}
              - {from: b, match: '^net\\.', as: 'right.'}
              - {as: fc.weight, shape: [3, 4], init: ones}
            """);
    assertThat(out.checkpoint().tensors().keySet())
        .containsExactly(
            "fc.weight", "left.body.b", "left.body.w", "right.k", "right.q", "right.v");
    assertThat(out.values("left.body.w")).containsExactly(1, 2, 3, 4);
    assertThat(out.values("right.k")).containsExactly(11, 12, 13, 14);
    assertThat(out.values("fc.weight")).hasSize(12).containsOnly(1);
    assertThat(folder.resolve("out/tokenizer_config.json")).exists();
  }

  @Test
  void theCardAndTheManifestNameAllModels() throws IOException {
    merged("compose:\n  - {from: a}\n  - {from: b}\n");
    String manifest = Files.readString(folder.resolve("out/stockpot-manifest.json"));
    assertThat(manifest).contains("/a\"").contains("/b\"");
    assertThat(Files.readString(folder.resolve("out/README.md"))).contains("- `a`", "- `b`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 1 2 3 4 5 6 7 8 11 12 13 14 21 22 23 24",
        "2 | 1 2 3 4 11 12 21 22 5 6 7 8 13 14 23 24"
      })
  void projectionsAreFusedInEitherOrder(int groups, String expected) throws IOException {
    String fuse =
        "compose:\n  - {from: b, match: 'q$', join: [k, v], as: qkv, groups: %s}\n"
            .formatted(groups);
    assertThat(merged(fuse).values("net.qkv")).containsExactly(numbers(expected));
    Files.move(folder.resolve("out"), folder.resolve("fused"));
    Tensors split =
        merged(
            "compose:\n  - {from: fused, match: 'qkv$', as: [q, k, v], sizes: [4, 2, 2], groups: %s}\n"
                .formatted(groups));
    assertThat(split.values("net.q")).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(split.values("net.k")).containsExactly(11, 12, 13, 14);
    assertThat(split.values("net.v")).containsExactly(21, 22, 23, 24);
  }

  @Test
  void tensorsAreTransposedCutAndStacked() throws IOException {
    Tensors out =
        merged(
            """
            compose:
              - {from: a, match: '^body', under: t, transpose: true}
              - {from: a, match: '^head', leave_out: true}
              - {from: b, match: 'q$', as: top, keep: [0, 1]}
              - {from: b, match: 'q$', as: right, keep: [1, 2], axis: 1}
              - {from: b, match: 'k$', join: [v], as: kv, stack: true}
            """);
    assertThat(out.values("t.body.w")).containsExactly(1, 3, 2, 4);
    assertThat(out.values("t.body.b")).containsExactly(5, 6);
    assertThat(out.values("net.top")).containsExactly(1, 2);
    assertThat(out.values("net.right")).containsExactly(2, 4, 6, 8);
    assertThat(out.checkpoint().tensors().get("net.kv").shape()).isEqualTo(Shape.of(2, 2, 2));
    assertThat(out.values("net.kv")).containsExactly(11, 12, 13, 14, 21, 22, 23, 24);
  }

  @Test
  void partsMayBeOfOtherModels() throws IOException {
    Tensors out =
        merged(
            """
            compose:
              - {from: a, match: '^body\\.w$', join: [{from: b, name: net.q}], as: tall}
              - {from: a, leave_out: true}
              - {from: b, leave_out: true}
            """);
    assertThat(out.values("tall")).containsExactly(1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void headsAreCountedByTheConfiguration() throws IOException {
    ModelFolder.at(folder.resolve("n"))
        .file("config.json", "{\"n_head\": 2}")
        .floats("qkv", 1, 2, 3, 4, 5, 6)
        .write();
    Tensors out = merged("compose:\n  - {from: n, as: [q, k, v], match: qkv, groups: heads}\n");
    assertThat(out.values("q")).containsExactly(1, 4);
    assertThat(out.values("v")).containsExactly(3, 6);
    ModelFolder.at(folder.resolve("g"))
        .file("config.json", "{\"num_attention_heads\": 4, \"num_key_value_heads\": 2}")
        .floats("qkv", 0, 1, 2, 3, 4, 5, 6, 7)
        .write();
    Tensors grouped =
        merged(
            "compose:\n  - {from: g, as: [q, k, v], match: qkv, sizes: heads, groups: key_value_heads}\n");
    assertThat(grouped.values("q")).containsExactly(0, 1, 4, 5);
    assertThat(grouped.values("k")).containsExactly(2, 6);
    assertThat(grouped.values("v")).containsExactly(3, 7);
  }

  @Test
  void rowsOfGateAndUpInterleave() throws IOException {
    Tensors out =
        merged(
            "compose:\n  - {from: b, match: 'k$', join: [v], as: gate_up, groups: rows}\n  - {from: b, match: q, leave_out: true}\n");
    assertThat(out.values("net.gate_up")).containsExactly(11, 12, 21, 22, 13, 14, 23, 24);
  }

  @Test
  void theConfigurationIsATemplateWithEdits() throws IOException {
    Files.writeString(
        folder.resolve("t.json"),
        "{\n  \"model_type\": \"t\",\n  \"eps\": 1e-05,\n  \"gone\": 1\n}");
    merged(
        """
        compose:
          - {from: a}
        config:
          template: t.json
          set: {architectures: [Mine], size.inner: 12, share: true, rate: 0.5, none: null}
          remove: [gone]
        dtype: bfloat16
        """);
    JsonNode config = config();
    assertThat(config.get("model_type").asText()).isEqualTo("t");
    assertThat(config.get("architectures").get(0).asText()).isEqualTo("Mine");
    assertThat(config.at("/size/inner").isInt()).isTrue();
    assertThat(config.get("share").isBoolean()).isTrue();
    assertThat(config.get("none").isNull()).isTrue();
    assertThat(config.has("gone")).isFalse();
    assertThat(Files.readString(folder.resolve("out/config.json"))).contains("\"eps\": 1e-05");
  }

  @Test
  void anotherModelCanBeTheTemplate() throws IOException {
    merged("compose:\n  - {from: a}\nconfig: {template: b, set: {n: 3}}\n");
    assertThat(config().get("model_type").asText()).isEqualTo("y");
    assertThat(config().get("n").asInt()).isEqualTo(3);
  }

  @Test
  void newTensorsHaveTheTypeOfMostOthers() throws IOException {
    ModelFolder.at(folder.resolve("h")).bfloats("w", 0, 64, 2).floats("b", 1).write();
    Tensors out =
        merged(
            "compose:\n  - {from: h}\n  - {as: n, shape: [2], init: ones}\n  - {as: f, shape: [2], init: ones, dtype: float16}\n");
    assertThat(out.checkpoint().tensors().get("n").dtype()).isEqualTo(DType.BF16);
    assertThat(out.checkpoint().tensors().get("f").dtype()).isEqualTo(DType.F16);
    assertThat(out.checkpoint().tensors().get("b").dtype()).isEqualTo(DType.F32);
  }

  @Test
  void aSeedOfARuleIsItsOwn() throws IOException {
    String recipe =
        "base_model: a\ncompose:\n  - {as: w, shape: [4, 4], init: orthogonal, seed: %s}\n";
    double[] one = merged(recipe.formatted(1)).values("w");
    double[] again = merged(recipe.formatted(1)).values("w");
    double[] two = merged(recipe.formatted(2)).values("w");
    assertThat(one).isEqualTo(again).isNotEqualTo(two);
  }
}
