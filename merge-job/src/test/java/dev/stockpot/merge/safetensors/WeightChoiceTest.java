package dev.stockpot.merge.safetensors;

import static dev.stockpot.merge.safetensors.Folders.FOLDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.checkpoint.Checkpoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files are the weights: what the library would load that they are named for. */
class WeightChoiceTest {
  private static final String OF_TWO = "-0000%s-of-00002.safetensors";

  private final Folders folder = new Folders();

  private void assertOpens(String weights, String... shards) throws IOException {
    Checkpoint checkpoint = folder.open();
    assertThat(checkpoint.surroundings().weights()).isEqualTo(weights);
    assertThat(checkpoint.shards())
        .extracting(shard -> shard.location().name())
        .containsExactly(shards);
  }

  @ParameterizedTest
  @CsvSource({
    "model, model.safetensors, model.safetensors.index.json",
    "model.fp16, model.fp16.safetensors, model.safetensors.index.fp16.json",
    "diffusion_pytorch_model, diffusion_pytorch_model.safetensors, diffusion_pytorch_model.safetensors.index.json",
    "diffusion_pytorch_model.non_ema, diffusion_pytorch_model.non_ema.safetensors, diffusion_pytorch_model.safetensors.index.non_ema.json",
    "open_clip_model, open_clip_model.safetensors, open_clip_model.safetensors.index.json",
    "consolidated, consolidated.safetensors, consolidated.safetensors.index.json",
  })
  void theOutputIsCalledAsTheWeightsAre(String weights, String single, String index)
      throws IOException {
    SafetensorsLayout layout = SafetensorsLayout.of(weights);
    assertThat(layout.file(1, 1)).isEqualTo(single);
    assertThat(layout.indexFile()).isEqualTo(index);

    folder.shard(single, "a");
    assertOpens(weights, single);

    Folders sharded = new Folders();
    Map<String, String> map = Map.of("a", layout.file(1, 2), "b", layout.file(2, 2));
    sharded.shard(layout.file(1, 2), "a").shard(layout.file(2, 2), "b").index(index, map);
    assertThat(sharded.open().surroundings().weights()).isEqualTo(weights);
    assertThat(sharded.open().tensors().keySet()).containsExactly("a", "b");
  }

  @Test
  void weightsThatNoLibraryLooksForBecomeAModel() throws IOException {
    folder.shard("my-finetune.safetensors", "a");

    assertOpens("my-finetune", "my-finetune.safetensors");
    assertThat(SafetensorsLayout.of("my-finetune").file(1, 2))
        .isEqualTo("model-00001-of-00002.safetensors");
  }

  @Test
  void shardsOfAVariantAsOlderDiffusersNamedThem() throws IOException {
    String first = "diffusion_pytorch_model-00001-of-00002.fp16.safetensors";
    String second = "diffusion_pytorch_model-00002-of-00002.fp16.safetensors";
    folder
        .shard(first, "a")
        .shard(second, "b")
        .index(
            "diffusion_pytorch_model.safetensors.index.fp16.json", Map.of("a", first, "b", second));

    assertOpens("diffusion_pytorch_model.fp16", first, second);
  }

  @Test
  void whatHasNoVariantComesFirst() throws IOException {
    folder
        .shard("diffusion_pytorch_model.fp16.safetensors", "a")
        .shard("diffusion_pytorch_model.safetensors", "a")
        .shard("diffusion_pytorch_model.non_ema.safetensors", "a");

    assertOpens("diffusion_pytorch_model", "diffusion_pytorch_model.safetensors");
    assertThat(folder.open().surroundings().leftBehind().keySet())
        .containsExactly(
            "diffusion_pytorch_model.fp16.safetensors",
            "diffusion_pytorch_model.non_ema.safetensors");
  }

  @Test
  void severalVariantsAloneMustBeChosenFrom() {
    folder
        .shard("model.fp16.safetensors", "a")
        .shard("model.bf16.safetensors", "a")
        .assertProblem(
            "it holds 2 variants and no weights without one: 'model.bf16', 'model.fp16'."
                + " Name the file of one of them, or remove the others");
  }

  @Test
  void aSecondCopyBesideShardsIsNotReadAndTold() throws IOException {
    folder
        .shard("model" + OF_TWO.formatted(1), "a")
        .shard("model" + OF_TWO.formatted(2), "b")
        .shard("consolidated.safetensors", "x", "y");

    assertOpens("model", "model" + OF_TWO.formatted(1), "model" + OF_TWO.formatted(2));
    assertThat(folder.open().surroundings().remarks())
        .containsExactly(
            "'consolidated.safetensors' is another copy of the weights, and is not read:"
                + " 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors' are");
  }

  @Test
  void anythingElseBesideShardsMayBelongToThem() {
    folder
        .shard("model" + OF_TWO.formatted(1), "a")
        .shard("model" + OF_TWO.formatted(2), "b")
        .shard("mtp.safetensors", "c");

    assertThatThrownBy(folder::open)
        .hasMessageContaining("3 safetensors files that are no one set")
        .hasMessageContaining("or name one file as the model");
  }

  @Test
  void anIndexThatIsLeftOverFromAnotherNumberOfShards() {
    folder
        .shard("model" + OF_TWO.formatted(1), "a")
        .shard("model" + OF_TWO.formatted(2), "b")
        .index(
            "model.safetensors.index.json",
            Map.of(
                "a", "model-00001-of-00004.safetensors", "b", "model-00002-of-00004.safetensors"))
        .assertProblem(
            "model.safetensors.index.json is left over from another save: it names"
                + " 'model-00001-of-00004.safetensors', 'model-00002-of-00004.safetensors', of"
                + " which none is there, and the folder holds all of"
                + " 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'."
                + " Remove model.safetensors.index.json");
  }

  @Test
  void anIndexThatIsLeftOverBesideASingleFile() {
    folder
        .shard("model.safetensors", "a")
        .index("model.safetensors.index.json", Map.of("a", "model" + OF_TWO.formatted(1)))
        .assertProblem(
            "model.safetensors.index.json is left over from another save: it names"
                + " 'model-00001-of-00002.safetensors', of which none is there, and the folder"
                + " holds 'model.safetensors'. Remove model.safetensors.index.json");
  }

  @Test
  void anIndexWhoseShardsAreNotAllThereIsNotTakenForAnOldOne() {
    folder
        .shard("model" + OF_TWO.formatted(1), "a")
        .index(
            "model.safetensors.index.json",
            Map.of("a", "model" + OF_TWO.formatted(1), "b", "model" + OF_TWO.formatted(2)))
        .assertProblem(
            "model.safetensors.index.json names 1 of 2 shards that are not there:"
                + " 'model-00002-of-00002.safetensors'. Fetch them");
  }

  @Test
  void whatTheIndexDoesNotListIsNotLoadedAndTold() throws IOException {
    folder
        .shard("model" + OF_TWO.formatted(1), "a", "b")
        .shard("model" + OF_TWO.formatted(2), "c", "head")
        .index(
            "model.safetensors.index.json",
            Map.of("a", "model" + OF_TWO.formatted(1), "c", "model" + OF_TWO.formatted(2)));

    Checkpoint checkpoint = folder.open();

    assertThat(checkpoint.tensors().keySet()).containsExactly("a", "c");
    assertThat(checkpoint.surroundings().unlisted()).containsExactly("b", "head");
    assertThat(checkpoint.surroundings().remarks())
        .containsExactly(
            "its index does not list 'b', 'head', which its shards hold: not loaded."
                + " List them in the index, or remove the index, to load them");
  }

  @Test
  void aFileIsAModelWithWhatLiesBesideIt() throws IOException {
    folder
        .shard("model.fp16.safetensors", "a")
        .shard("model.safetensors", "a", "b")
        .text("config.json", "{}")
        .files("tokenizer.json");

    Checkpoint checkpoint =
        CheckpointReader.open(folder.store, FOLDER.child("model.fp16.safetensors"));

    assertThat(checkpoint.folder()).isEqualTo(FOLDER.child("model.fp16.safetensors"));
    assertThat(checkpoint.tensors().keySet()).containsExactly("a");
    assertThat(checkpoint.config()).isEqualTo("{}");
    assertThat(checkpoint.companions().keySet()).containsExactly("tokenizer.json");
    assertThat(checkpoint.surroundings().weights()).isEqualTo("model.fp16");
  }

  @Test
  void aFileAmongOthersIsAModelByItself() throws IOException {
    folder
        .shard("dream.safetensors", "a")
        .shard("real.safetensors", "a")
        .text("config.json", "{}")
        .files("tokenizer.json");

    Checkpoint checkpoint = CheckpointReader.open(folder.store, FOLDER.child("dream.safetensors"));

    assertThat(checkpoint.config()).isEmpty();
    assertThat(checkpoint.companions()).isEmpty();
    assertThat(checkpoint.surroundings().remarks())
        .isEqualTo(
            List.of(
                "config.json and the files beside it do not go along: they may belong to other"
                    + " weights in s3://models/a"));
  }

  @Test
  void aShardIsNoModel() {
    folder.shard("model" + OF_TWO.formatted(1), "a").shard("model" + OF_TWO.formatted(2), "b");

    assertThatThrownBy(
            () -> CheckpointReader.open(folder.store, FOLDER.child("model" + OF_TWO.formatted(2))))
        .hasMessage(
            "Checkpoint s3://models/a/model-00002-of-00002.safetensors cannot be used:\n"
                + "- this is shard 2 of 2. Give the folder that they lie in: s3://models/a");
  }
}
