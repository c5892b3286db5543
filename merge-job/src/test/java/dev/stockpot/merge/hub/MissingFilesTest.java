package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a download in the cache lacks of a model. */
class MissingFilesTest {
  private static final HubPlace MODEL = new HubPlace("org/model", "a".repeat(40), "");

  @TempDir private Path cache;

  private static Map<String, HubFile> files(String... paths) {
    Map<String, HubFile> files = new HashMap<>();
    for (String path : paths) {
      files.put(path, new HubFile(1, ""));
    }
    return files;
  }

  private Snapshot there(String... paths) {
    Map<String, String> cached = new HashMap<>();
    for (String path : paths) {
      cached.put(path, cache.resolve(path).toString());
    }
    return Snapshot.of(MODEL, files(paths), cached);
  }

  private MissingFiles of(String... paths) throws IOException {
    return MissingFiles.of(there(paths), "", Optional.empty());
  }

  @Test
  void aSingleFileWithConfigurationAndTokenizerIsAll() throws IOException {
    assertThat(of("config.json", "model.safetensors", "tokenizer.json").isNone()).isTrue();
    assertThat(of("config.json", "model.safetensors", "tokenizer.model").isNone()).isTrue();
    assertThat(of("config.json", "model.safetensors", "spiece.model").isNone()).isTrue();
  }

  @Test
  void withoutAListTheLeastIsExpected() throws IOException {
    MissingFiles missing = of("README.md");
    assertThat(missing.weights()).containsExactly("model.safetensors");
    assertThat(missing.others()).containsExactlyInAnyOrder("config.json", "a tokenizer");
    assertThat(missing.described()).isEqualTo("model.safetensors");
    assertThat(of("model.safetensors", "vocab.txt").described()).isEqualTo("config.json");
  }

  @Test
  void adaptersAndOtherFormatsAreNoWeights() throws IOException {
    assertThat(of("config.json", "tokenizer.json", "adapter_model.safetensors").weights())
        .containsExactly("model.safetensors");
    assertThat(of("config.json", "tokenizer.json", "pytorch_model.bin").weights())
        .containsExactly("model.safetensors");
  }

  @Test
  void namesOfShardsSayHowManyThereAre() throws IOException {
    MissingFiles missing = of("config.json", "tokenizer.json", "model-00002-of-00004.safetensors");
    assertThat(missing.weights())
        .containsExactlyInAnyOrder(
            "model-00001-of-00004.safetensors",
            "model-00003-of-00004.safetensors",
            "model-00004-of-00004.safetensors");
  }

  @Test
  void theIndexSaysWhichShardsThereAre() throws IOException {
    String index = "model.safetensors.index.json";
    Files.writeString(
        cache.resolve(index),
        "{\"weight_map\": {\"a\": \"x-1.safetensors\", \"b\": \"x-2.safetensors\"}}");
    MissingFiles missing = of("config.json", "tokenizer.json", index, "x-1.safetensors");
    assertThat(missing.weights()).containsExactly("x-2.safetensors");
  }

  @Test
  void anIndexThatIsDamagedIsWhoOpensItsProblem() throws IOException {
    String index = "model.safetensors.index.json";
    Files.writeString(cache.resolve(index), "{\"weight_map\": {");
    assertThat(of("config.json", "tokenizer.json", index).isNone()).isTrue();
    Files.writeString(cache.resolve(index), "[]");
    assertThat(of("config.json", "tokenizer.json", index).isNone()).isTrue();
  }

  @Test
  void aListOfTheRepositorySaysItAll() throws IOException {
    Map<String, HubFile> listed =
        files(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "model.safetensors",
            "pytorch_model.bin.index.json",
            "tf_model.json",
            "model.onnx",
            "onnx/config.json");
    MissingFiles missing =
        MissingFiles.of(there("config.json", "model.safetensors"), "", Optional.of(listed));
    assertThat(missing.weights()).isEmpty();
    assertThat(missing.others())
        .containsExactlyInAnyOrder("generation_config.json", "tokenizer.json");
  }

  @Test
  void aFolderOfARepositoryIsAModelOfItsOwn() throws IOException {
    Snapshot snapshot =
        there("config.json", "unet/config.json", "unet/tokenizer.json", "unet/model.safetensors");
    assertThat(MissingFiles.of(snapshot, "unet", Optional.empty()).isNone()).isTrue();
    assertThat(MissingFiles.of(snapshot, "vae", Optional.empty()).weights())
        .containsExactly("model.safetensors");
  }

  @Test
  void fiveAreNamedAndTheOthersCounted() throws IOException {
    MissingFiles missing = of("config.json", "tokenizer.json", "m-00009-of-00009.safetensors");
    assertThat(missing.weights()).hasSize(8);
    assertThat(missing.described())
        .startsWith("m-00001-of-00009.safetensors, ")
        .endsWith("m-00005-of-00009.safetensors and 3 more");
  }
}
