package dev.stockpot.merge.advice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "runs/a/checkpoint-500 runs/a/checkpoint-1000 runs/a/checkpoint-1500",
        "run/global_step9 run/global_step10",
        "run/epoch=1.safetensors run/epoch=2.safetensors",
        "s3a://bucket/ckpt_001 s3a://bucket/ckpt_002",
        "iter_0000100 iter_0000200",
        "run/100 run/200",
        "Run/Checkpoint-1/ Run/Checkpoint-2/"
      })
  void areThoseOfCheckpoints(String models) {
    List<String> all = List.of(models.split(" "));
    assertThat(RunNames.ordered(all)).hasValue(all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/math models/code",
        "models/seed-1 models/seed-2",
        "models/llama-7 models/llama-13",
        "a/checkpoint-1 b/checkpoint-2",
        "run/checkpoint-1 run/checkpoint-01",
        "run/checkpoint-1 run/step-2",
        "run/checkpoint-1 run/final",
        "checkpoint-1"
      })
  void othersAreNot(String models) {
    assertThat(RunNames.ordered(List.of(models.split(" ")))).isEmpty();
  }

  @Test
  void theOldestComesFirstWhateverWasSaid() {
    assertThat(
            RunNames.ordered(List.of("r/checkpoint-1000", "r/checkpoint-500", "r/checkpoint-60")))
        .hasValue(List.of("r/checkpoint-60", "r/checkpoint-500", "r/checkpoint-1000"));
  }
}
