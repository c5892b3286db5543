package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of compositions, and refused. */
class ComposeToldTest extends ComposeCases {
  @Test
  void stagesCompose() throws IOException {
    Tensors out =
        merged(
            """
            name: fused
            compose:
              - {from: b, match: 'q$', join: [k, v], as: qkv}
            ---
            merge_method: linear
            parameters: {weight: 1, normalize: false}
            models:
              - model: fused
              - model: fused
            """);
    assertThat(out.values("net.qkv")[15]).isEqualTo(48);
  }

  @Test
  void whatStagesMakeIsComposed() throws IOException {
    Tensors out =
        merged(
            """
            name: doubled
            merge_method: passthrough
            models:
              - model: b
                parameters: {scale: 2}
            ---
            compose:
              - {from: doubled, under: x}
              - {from: a}
            """);
    assertThat(out.values("x.net.k")).containsExactly(22, 24, 26, 28);
  }

  @Test
  void thePlanPrintsTheTable() throws IOException {
    ModelFolder layers = ModelFolder.at(folder.resolve("l"));
    for (int i = 0; i < 3; i++) {
      layers.floats("h.%s.w".formatted(i), i);
    }
    layers.floats("head", 1).write();
    CommandLineRun plan =
        run(
                "plan",
                "compose:\n  - {from: l, under: x, except: head}\n  - {as: n, shape: [2, 2], init: identity}\n")
            .succeeds();
    assertThat(plan.out())
        .contains("Compose  4 tensors")
        .containsPattern("x\\.h\\.\\*\\.w \\(3\\) +F32 \\[1] +l h\\.\\*\\.w")
        .containsPattern("n +F32 \\[2, 2] +new, identity")
        .containsPattern("- +left out +l head")
        .contains("Note: config.json is that of l, as it is");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{from: a, match: '^body'} | no rule takes a tensor of a: head.w. Take them, or say",
        "{from: a, match: nothing} | no tensor of a matches `nothing`; they are called body.b, body.w,",
        "{from: a, as: same} | would be same, and so would",
        "{from: a, match: '.*', as: ''} | nothing is left of the name",
        "{from: a, match: w, join: [absent], as: z} | a has no body.absent to join to body.w",
        "{from: a, match: '^body\\.b', as: [x, y, z]} | 2 along axis 0 of [2] are not 3 equal parts",
        "{from: a, match: '^body\\.b', as: [x, y], sizes: [1]} | `sizes` has 1 lengths for 2 names",
        "{from: a, match: '^body\\.b', as: x, keep: [0, 5]} | 0 to 5 of axis 0 are kept, and it is [2]",
        "{from: a, match: '^body\\.b', as: x, keep: [0, 1], axis: 1} | [2] has no axis 1",
        "{from: b, match: 'q$', as: [x, y], groups: heads} | has none of num_attention_heads",
        "{from: b, match: 'q$', join: [k], as: x, axis: 1} | does not follow",
        "{from: a, match: '^body\\.b', as: [x, y, z], sizes: heads} | are not queries of 2 heads"
      })
  void whatCannotBeIsRefusedBeforeATensorIsRead(String rule, String message) throws IOException {
    CommandLineRun run = run("merge", "compose:\n  - %s\n".formatted(rule));
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:2: ").contains(message);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aTemplateThatIsNoJsonIsRefused() throws IOException {
    Files.writeString(folder.resolve("t.json"), "{x");
    CommandLineRun run = run("merge", "compose:\n  - {from: a}\nconfig: {template: t.json}\n");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("recipe.yml:3: the template t.json is not valid JSON");
    CommandLineRun absent = run("merge", "compose:\n  - {from: a}\nconfig: {template: q.json}\n");
    assertThat(absent.exitCode()).isNotZero();
    assertThat(absent.err()).contains("q.json").doesNotContain("fault of Stockpot");
  }

  @Test
  void idleWordsAreTold() throws IOException {
    CommandLineRun run =
        run("merge", "compose:\n  - {from: a, except: zzz}\nconfig: {remove: [absent]}\n")
            .succeeds();
    assertThat(run.err())
        .contains("recipe.yml:2: `except` leaves out `zzz`, which matches nothing")
        .contains("recipe.yml:3: `remove` names `absent`, which the template does not have");
  }
}
