package dev.stockpot.merge.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes along with weights: all but other weights, code, and what tells of a training. */
class CompanionsTest {
  private final Folders folder = new Folders().shard("model.safetensors", "a");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spm.model",
        "tiktoken.model",
        "qwen.tiktoken",
        "source.spm",
        "bpe.codes",
        "normalizer.json",
        "some_vocabulary.of-a-new-kind",
        "LICENSE",
        "LICENSE.txt",
        "USE_POLICY.md",
        "NOTICE",
        "params.json",
        "generation_config.json",
        "additional_chat_templates/tool_use.jinja",
        "figures/deep/er/benchmark.png",
      })
  void goesAlong(String name) throws IOException {
    Checkpoint checkpoint = folder.files(name).openWithFolders();

    assertThat(checkpoint.companions().keySet()).containsExactly(name);
    assertThat(checkpoint.surroundings().leftBehind()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "modeling_qwen.py, code",
    "convert.sh, code",
    "demo.ipynb, code",
    "pytorch_model.bin, weights",
    "pytorch_model.bin.index.json, weights",
    "adapter_model.safetensors, weights",
    "model.onnx, weights",
    "ggml-model-q4_0.gguf, weights",
    "optimizer.pt, weights",
    "trainer_state.json, of how it was made",
    "mergekit_config.yml, of how it was made",
  })
  void isLeftBehindAndNamed(String name, String why) throws IOException {
    Checkpoint checkpoint = folder.files(name).openWithFolders();

    assertThat(checkpoint.companions()).isEmpty();
    assertThat(checkpoint.surroundings().leftBehind()).containsExactly(Map.entry(name, why));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        ".gitattributes",
        ".cache/huggingface/download/model.safetensors.lock",
        "stockpot-manifest.json",
        "report/report.html",
      })
  void isReplacedOrMissedByNobody(String name) throws IOException {
    Checkpoint checkpoint = folder.files(name).openWithFolders();

    assertThat(checkpoint.companions()).isEmpty();
    assertThat(checkpoint.surroundings().leftBehind()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "original/consolidated.00.pth, original/, holds weights",
    "onnx/deep/model.onnx, onnx/, holds weights",
    "checkpoint-500/trainer_state.json, checkpoint-500/, weights",
    "__pycache__/x.pyc, __pycache__/, code",
    "runs/today/events, runs/, of how it was made",
    "a/b/c/d/e/f, a/, folders in it are nested deeper than 4 levels",
  })
  void foldersStayAsAWhole(String file, String name, String why) throws IOException {
    String beside = file.substring(0, file.lastIndexOf('/')) + "/tokenizer.model";
    Checkpoint checkpoint = folder.files(file, beside).openWithFolders();

    assertThat(checkpoint.companions()).isEmpty();
    assertThat(checkpoint.surroundings().leftBehind()).containsExactly(Map.entry(name, why));
  }

  @Test
  void codeInAFolderStaysAndTheRestOfItGoes() throws IOException {
    Checkpoint checkpoint = folder.files("extra/prompt.txt", "extra/run.py").openWithFolders();

    assertThat(checkpoint.companions().keySet()).containsExactly("extra/prompt.txt");
    assertThat(checkpoint.surroundings().leftBehind())
        .containsExactly(Map.entry("extra/run.py", "code"));
  }

  @Test
  void modulesOfSentenceTransformersGoWithTheirWeights() throws IOException {
    Checkpoint checkpoint =
        folder
            .text(
                "modules.json",
                "[{\"path\": \"\"}, {\"path\": \"1_Pooling\"}, {\"path\": \"2_Dense\"}]")
            .text("1_Pooling/config.json", "{}")
            .text("2_Dense/config.json", "{}")
            .shard("2_Dense/model.safetensors", "linear.weight")
            .openWithFolders();

    assertThat(checkpoint.companions().keySet())
        .containsExactly("modules.json", "1_Pooling/config.json", "2_Dense/config.json");
    assertThat(checkpoint.tensors()).containsKey("2_Dense/linear.weight");
    assertThat(checkpoint.surroundings().parts().weights())
        .containsExactly(Map.entry("2_Dense", "model"));
    assertThat(checkpoint.surroundings().leftBehind()).isEmpty();
    assertThat(checkpoint.surroundings().remarks()).isEmpty();
  }

  @Test
  void foldersAreOnlyLookedIntoForTheModelThatGivesThem() throws IOException {
    folder.files("additional_chat_templates/a.jinja", "tokenizer.json");

    assertThat(folder.open().companions().keySet()).containsExactly("tokenizer.json");
  }

  @Test
  void moreFilesThanAnyModelHasStay() throws IOException {
    for (int i = 0; i <= 1_000; i++) {
      folder.files("many/%04d.txt".formatted(i));
    }

    Checkpoint checkpoint = folder.openWithFolders();

    assertThat(checkpoint.companions()).isEmpty();
    assertThat(checkpoint.surroundings().leftBehind())
        .containsExactly(Map.entry("many/", "holds too many files: more than 1000 go along"));
  }

  @Test
  void moreFilesThanAnyModelHasBesideItsWeightsAreRefused() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      folder.files("%05d.txt".formatted(i));
    }

    assertThatThrownBy(folder::openWithFolders)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(
            "20000 files lie beside its weights, and at most 1000 go along with a model. Move"
                + " away");
    assertThat(folder.open().companions()).hasSize(20_000); // of a model that gives none
  }

  @Test
  void whatIsTooLargeStaysAndIsNotRead(@TempDir Path model) throws IOException {
    Files.write(model.resolve("model.safetensors"), ShardBytes.shardOf("a"));
    try (RandomAccessFile huge =
        new RandomAccessFile(model.resolve("tokenizer.json").toFile(), "rw")) {
      huge.setLength(1_500_000_000); // takes no room on the disk
    }

    Checkpoint checkpoint =
        CheckpointReader.openWithFolders(new LocalStore(), new Location(model.toString()));

    assertThat(checkpoint.companions()).isEmpty();
    assertThat(checkpoint.surroundings().leftBehind())
        .containsExactly(Map.entry("tokenizer.json", "1500000000 bytes, more than 268435456"));
  }

  @Test
  void linksThatLeaveTheModelAreNotFollowed(@TempDir Path root) throws IOException {
    Path model = Files.createDirectories(root.resolve("model"));
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere")).toRealPath();
    Files.write(model.resolve("model.safetensors"), ShardBytes.shardOf("a"));
    Files.writeString(elsewhere.resolve("secret"), "x");
    Files.writeString(model.resolve("vocab.txt"), "x");
    Files.createSymbolicLink(model.resolve("tokenizer.json"), elsewhere.resolve("secret"));
    Files.createSymbolicLink(model.resolve("templates"), elsewhere);
    Files.createSymbolicLink(model.resolve("alias.txt"), Path.of("vocab.txt"));

    Checkpoint checkpoint =
        CheckpointReader.openWithFolders(new LocalStore(), new Location(model.toString()));

    assertThat(checkpoint.companions().keySet()).containsExactly("alias.txt", "vocab.txt");
    assertThat(checkpoint.surroundings().leftBehind())
        .containsExactly(
            Map.entry(
                "tokenizer.json",
                "a link to %s, outside of the model".formatted(elsewhere.resolve("secret"))),
            Map.entry("templates/", "a link to %s, outside of the model".formatted(elsewhere)));
  }

  @Test
  void modulesThatLeadElsewhereAreNotFollowed(@TempDir Path root) throws IOException {
    Path model = Files.createDirectories(root.resolve("model"));
    Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
    Files.write(model.resolve("model.safetensors"), ShardBytes.shardOf("a"));
    Files.writeString(elsewhere.resolve("secret"), "x");
    Files.write(elsewhere.resolve("model.safetensors"), ShardBytes.shardOf("a"));
    Files.writeString(model.resolve("modules.json"), "[{\"path\": \"1_Pooling\"}]");
    Files.createSymbolicLink(model.resolve("1_Pooling"), elsewhere);

    Checkpoint checkpoint =
        CheckpointReader.openWithFolders(new LocalStore(), new Location(model.toString()));

    assertThat(checkpoint.companions().keySet()).containsExactly("modules.json");
    assertThat(checkpoint.surroundings().leftBehind().keySet())
        .containsExactly("1_Pooling/model.safetensors", "1_Pooling/secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../elsewhere", "a/../../elsewhere", "/etc", "a\\\\b", ".", "./", "\\u0000"})
  void modulesThatAreNoFoldersOfTheModelAreNone(String path) throws IOException {
    folder.store.write(new Location("s3://models/elsewhere/secret"), new byte[1]);

    Checkpoint checkpoint =
        folder.text("modules.json", "[{\"path\": \"%s\"}]".formatted(path)).openWithFolders();

    assertThat(checkpoint.companions().keySet()).containsExactly("modules.json");
  }

  @Test
  void aModuleThatIsALinkIntoTheModelIsTheModel(@TempDir Path model) throws IOException {
    Files.write(model.resolve("model.safetensors"), ShardBytes.shardOf("a"));
    Files.writeString(model.resolve("modules.json"), "[{\"path\": \"1_Pooling\"}]");
    Path pooling = Files.createDirectories(model.resolve("pooling"));
    Files.writeString(pooling.resolve("config.json"), "{}");
    Files.createSymbolicLink(model.resolve("1_Pooling"), Path.of("pooling"));

    Checkpoint checkpoint =
        CheckpointReader.openWithFolders(new LocalStore(), new Location(model.toString()));

    assertThat(checkpoint.companions().keySet()).contains("1_Pooling/config.json");
  }

  @Test
  void linksIntoTheBlobsOfADownloadCacheAreTheModel(@TempDir Path root) throws IOException {
    Path cached = root.resolve("models--org--x");
    Path snapshot = Files.createDirectories(cached.resolve("snapshots/00ff"));
    Path blobs = Files.createDirectories(cached.resolve("blobs"));
    Files.write(blobs.resolve("1"), ShardBytes.shardOf("a"));
    Files.writeString(blobs.resolve("2"), "{}");
    Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/1"));
    Files.createSymbolicLink(snapshot.resolve("tokenizer.json"), Path.of("../../blobs/2"));
    Path templates = Files.createDirectories(snapshot.resolve("additional_chat_templates"));
    Files.createSymbolicLink(templates.resolve("t.jinja"), Path.of("../../../blobs/2"));

    Checkpoint checkpoint =
        CheckpointReader.openWithFolders(new LocalStore(), new Location(snapshot.toString()));

    assertThat(checkpoint.companions().keySet())
        .containsExactly("tokenizer.json", "additional_chat_templates/t.jinja");
    assertThat(checkpoint.surroundings().leftBehind()).isEmpty();
  }
}
