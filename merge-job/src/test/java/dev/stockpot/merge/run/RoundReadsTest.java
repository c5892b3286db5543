package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.InProcessEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a night of a running average reads: its checkpoint and the state, each once. */
class RoundReadsTest {
  private static final List<Shape> SHAPES = List.of(Shape.of(64, 96), Shape.of(32, 8));
  private static final long ELEMENTS = 64 * 96 + 32 * 8;
  private static final long CHECKPOINT = 2 * ELEMENTS;
  private static final long STATE = 4 * ELEMENTS;

  @TempDir private Path folder;
  private final ReadLog store = new ReadLog();

  @BeforeEach
  void writeModels() throws IOException {
    for (int night = 1; night <= 3; night++) {
      SmallModels.write(folder.resolve("step-" + night), night, SHAPES);
    }
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void night(int number) throws IOException {
    String base = number == 1 ? "" : "base_model: " + path("ema-" + (number - 1)) + "\n";
    MergeRecipe recipe =
        MergeRecipe.yaml(
            base
                + """
                round: {strategy: ema, number: %s, decay: 0.5}
                models:
                  - model: %s
                """
                    .formatted(number, path("step-" + number)));
    new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), store)
        .merge(recipe, path("ema-" + number), MergeOptions.DEFAULT);
  }

  /** The state's checksums are found out while it is merged by no rule that looks at no client. */
  @Test
  void theStateOfAnotherNightIsRefusedBeforeAnythingIsMade() throws IOException {
    for (int night = 1; night <= 3; night++) {
      SmallModels.write(
          folder.resolve("step-" + night),
          night,
          List.of(Shape.of(4), Shape.of(300, 300), Shape.of(8)));
    }
    night(1);
    night(2);
    Path state = folder.resolve("ema-2/state/ema/model.safetensors");
    byte[] right = Files.readAllBytes(state);
    Files.copy(
        folder.resolve("ema-1/state/ema/model.safetensors"),
        state,
        StandardCopyOption.REPLACE_EXISTING);

    assertThatThrownBy(() -> night(3))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(path("ema-2/state/ema") + " does not belong to the model beside it")
        .hasMessageContaining("Take model and state of one round");
    assertThat(folder.resolve("ema-3")).doesNotExist();
    Files.write(state, right);
    night(3);
    assertThat(folder.resolve("ema-3")).exists();
  }

  @Test
  void aNightReadsOneCheckpointAndOneState() throws IOException {
    night(1);
    night(2);
    night(3);

    Map<String, Integer> checkpoints = store.most(CHECKPOINT);
    assertThat(checkpoints.get(path("step-3/model.safetensors"))).isEqualTo(1);
    assertThat(checkpoints.get(path("step-2/model.safetensors"))).isEqualTo(1);
    assertThat(checkpoints.get(path("ema-2/model.safetensors"))).isZero();
    assertThat(store.most(STATE).get(path("ema-2/state/ema/model.safetensors"))).isEqualTo(1);
    assertThat(store.most(STATE).get(path("ema-1/state/ema/model.safetensors"))).isEqualTo(1);
  }
}
