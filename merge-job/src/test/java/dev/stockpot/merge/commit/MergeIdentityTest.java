package dev.stockpot.merge.commit;

import static dev.stockpot.kernels.random.Rounding.Mode.NEAREST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tells two merges apart. */
class MergeIdentityTest {
  private static final MergeIdentity BEFORE =
      new MergeIdentity(
          "merge_method: linear\nmodels:\n  - model: a\n",
          "digest",
          Map.of("seed", "7", "shard-size", "5"),
          Map.of("a/model.safetensors", "10 bytes, etag:1", "a/tokenizer.json", "3 bytes, etag:2"),
          Map.of("stockpot", "1.0"));

  @Test
  void theSameMergeHasNoChanges() throws IOException {
    assertThat(new SmallMerge(16).identity().changesTo(new SmallMerge(16).identity())).isEmpty();
  }

  @Test
  void allChangesAreListedTogether() {
    MergeIdentity now =
        new MergeIdentity(
            "merge_method: linear\nmodels:\n  - model: b\n",
            "other",
            Map.of("seed", "8", "shard-size", "5"),
            Map.of("a/model.safetensors", "11 bytes, etag:9", "b/config.json", "sha256:0"),
            Map.of("stockpot", "1.1"));

    assertThat(BEFORE.changesTo(now))
        .containsExactly(
            "recipe: line 3 was '- model: a', is '- model: b'",
            "seed: was 7, is 8",
            "a/model.safetensors: was 10 bytes, etag:1, is 11 bytes, etag:9",
            "a/tokenizer.json: was 3 bytes, etag:2, is not there",
            "b/config.json: was not there, is sha256:0",
            "stockpot: was 1.0, is 1.1");
  }

  @Test
  void aLineThatIsAddedAtTheEndIsAChange() {
    MergeIdentity now =
        new MergeIdentity(
            BEFORE.recipe() + "dtype: float32\n",
            "digest",
            BEFORE.settings(),
            BEFORE.inputs(),
            BEFORE.versions());

    assertThat(BEFORE.changesTo(now)).containsExactly("recipe: line 4 was '', is 'dtype: float32'");
  }

  @Test
  void anotherPlanOfTheSameTextIsAChangeOfWhatTheRecipeTakesFromElsewhere() {
    MergeIdentity now =
        new MergeIdentity(
            BEFORE.recipe(), "other", BEFORE.settings(), BEFORE.inputs(), BEFORE.versions());

    assertThat(BEFORE.changesTo(now))
        .containsExactly("recipe: what it includes or takes from the environment is different");
  }

  @Test
  void theDigestKnowsParametersInputsShardsAndSeed() throws IOException {
    SmallMerge merge = new SmallMerge(16);
    MergeFacts otherSeed = new MergeFacts(SmallMerge.RECIPE, "linear", 8, NEAREST, Map.of());

    assertThat(new SmallMerge(1000).identity().plan()).isNotEqualTo(merge.identity().plan());
    assertThat(MergeIdentity.of(otherSeed, new HashMap<>(), merge.inputs(), merge.plan()).plan())
        .isNotEqualTo(merge.identity().plan());
    assertThat(merge.identity().inputs())
        .containsKeys(
            "models/a/model.safetensors", "models/a/config.json", "models/b/tokenizer.json");
  }
}
