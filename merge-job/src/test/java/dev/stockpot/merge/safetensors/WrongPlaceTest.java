package dev.stockpot.merge.safetensors;

import static dev.stockpot.merge.safetensors.Folders.FOLDER;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of places that hold no weights: where they may be instead. */
class WrongPlaceTest {
  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

  private final Folders folder = new Folders();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.gguf         | this is a GGUF file. Use the safetensors files that it was made from",
        "model-Q4_K_M.GGUF  | this is a GGUF file.",
        "pytorch_model.bin  | this is a pickle. Pickles are never opened here",
        "consolidated.0.pth | this is a pickle.",
        "config.json        | this is a file. Give the folder that it lies in, or a .safetensors",
      })
  void aFileThatIsNone(String name, String problem) {
    folder.files(name);

    assertThatThrownBy(() -> CheckpointReader.open(folder.store, FOLDER.child(name)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("- " + problem);
  }

  @Test
  void aFolderWithOtherFilesAlone() {
    folder
        .files("config.json", "tokenizer.json")
        .assertProblem(
            "it holds no safetensors file, only 'config.json', 'tokenizer.json'."
                + " Give the folder of the weights");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.gguf", "x.GGUF", "x-00001-of-00002.gguf"})
  void weightsInGguf(String name) {
    folder
        .files("config.json", name)
        .assertProblem(
            "its weights are GGUF: '%s'. Use the safetensors files that it was made from; or, where a model is merged, name a GGUF file of F32, F16 or BF16 itself"
                .formatted(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytorch_model.bin",
        "pytorch_model-00001-of-00002.bin",
        "a.pt",
        "a.pth",
        "a.ckpt"
      })
  void pickles(String name) {
    folder.text(name, "PK\3\4").files("config.json");

    assertThatThrownBy(folder::open)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("its weights are pickles: '" + name + "'. Pickles are never opened")
        .hasMessageContaining("from safetensors.torch import save_file")
        .hasMessageContaining("save_pretrained('OUT', safe_serialization=True)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"adapter_model.safetensors", "adapter_config.json"})
  void anAdapterWithoutItsModel(String name) {
    folder
        .text(name, "{}")
        .assertProblem(
            "it holds a LoRA adapter and no model. Name its base before it, joined by a plus:"
                + " BASE+ADAPTER");
  }

  @Test
  void theFolderOfAModelInADownloadCache() {
    folder
        .files("blobs/00ff")
        .shard("snapshots/" + HASH + "/model.safetensors", "a")
        .assertProblem(
            "this is a model's folder in a download cache. Name its snapshot: s3://models/a/snapshots/"
                + HASH);
  }

  @Test
  void ofSeveralSnapshotsTheOneOfTheMainBranch() {
    folder
        .text("refs/main", HASH + "\n")
        .shard("snapshots/00ff/model.safetensors", "a")
        .shard("snapshots/" + HASH + "/model.safetensors", "a")
        .assertProblem(
            "this is a model's folder in a download cache. Name its snapshot: s3://models/a/snapshots/"
                + HASH
                + " (the one of refs/main of 2)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", ""})
  void aMainBranchThatIsNotThereIsNotBelieved(String ref) {
    folder
        .text("refs/main", ref)
        .shard("snapshots/00ff/model.safetensors", "a")
        .shard("snapshots/11ff/model.safetensors", "a")
        .assertProblem(
            "this is a model's folder in a download cache. Name its snapshot: s3://models/a/snapshots/00ff (one of 2)");
  }

  @Test
  void aDownloadCache() {
    folder
        .files("models--org--x/refs/main", "models--org--y/refs/main", "version.txt")
        .assertProblem(
            "this is a download cache, of 'models--org--x', 'models--org--y'. Name a snapshot of"
                + " one of them: s3://models/a/models--org--x/snapshots/HASH");
  }

  @Test
  void aFolderOfModels() {
    folder
        .shard("checkpoint-900/model.safetensors", "a")
        .shard("checkpoint-1000/model.safetensors", "a")
        .files("runs/events", "notes.txt")
        .assertProblem(
            "it holds no weights itself, but folders in it do: 'checkpoint-900',"
                + " 'checkpoint-1000'. Name one of them, or all of them: s3://models/a/*");
  }

  @Test
  void aPipeline() {
    folder
        .files("model_index.json", "scheduler/scheduler_config.json")
        .shard("unet/diffusion_pytorch_model.safetensors", "a")
        .shard("vae/diffusion_pytorch_model.safetensors", "a")
        .assertProblem(
            "this is a pipeline of several models, each in a folder of its own: 'unet', 'vae'."
                + " Merge one at a time: name s3://models/a/unet");
  }

  @Test
  void foldersWithoutWeights() {
    folder
        .files("docs/readme.txt")
        .assertProblem(
            "it holds no files, only the folders 'docs'. Give the folder of the weights");
  }
}
