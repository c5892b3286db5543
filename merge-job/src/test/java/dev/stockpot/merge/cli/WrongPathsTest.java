package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.safetensors.SafetensorsLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders and files that are not what they were taken for: the message says what they are. */
class WrongPathsTest {
  private static final SafetensorsLayout LAYOUT = SafetensorsLayout.CHECKPOINT;
  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;
  private Situation here;

  @BeforeEach
  void stand() throws IOException {
    here = new Situation(folder);
    model("b", 3).write(LAYOUT, 2);
  }

  private ModelFolder model(String name, float value) throws IOException {
    return here.model(name).filled("head", value, 2).filled("layer", value, 2);
  }

  private void assertRefused(String problem) throws IOException {
    here.assertRefused(
        1, Situation.half("a", "b"), "recipe.yml:3: Checkpoint a cannot be used:\n- " + problem);
  }

  @Test
  void aSnapshotOfLinksIsAModel() throws IOException {
    Path blobs = Files.createDirectories(folder.resolve("models--org--x/blobs"));
    Path snapshot = Files.createDirectories(folder.resolve("models--org--x/snapshots/" + HASH));
    Path plain = model("plain", 1).file("tokenizer.json", "{}").write();
    for (String name : new String[] {"model.safetensors", "tokenizer.json"}) {
      Files.move(plain.resolve(name), blobs.resolve(name + "-blob"));
      Files.createSymbolicLink(
          snapshot.resolve(name), Path.of("../../blobs").resolve(name + "-blob"));
    }
    Files.createSymbolicLink(folder.resolve("linked"), snapshot);

    CommandLineRun run = here.merge(Situation.half("linked", "b")).succeeds();

    assertThat(here.first("head")).isEqualTo(2);
    assertThat(here.text("tokenizer.json")).isEqualTo("{}");
    assertThat(here.text("README.md")).contains("base_model:\n- org/x\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void theRootOfAModelInADownloadCache() throws IOException {
    model("a/snapshots/" + HASH, 1).write();
    here.model("a").file("refs/main", HASH).file("blobs/00", "");

    assertRefused(
        "this is a model's folder in a download cache. Name its snapshot: a/snapshots/" + HASH);
  }

  @Test
  void aDownloadThatBrokeOff() throws IOException {
    model("a", 1).write(LAYOUT, 2);
    Files.delete(folder.resolve("a").resolve(LAYOUT.file(2, 2)));
    Files.createSymbolicLink(folder.resolve("a").resolve(LAYOUT.file(2, 2)), Path.of("../gone"));

    assertRefused(
        "model.safetensors.index.json names 1 of 2 shards that are not there:"
            + " 'model-00002-of-00002.safetensors'. Fetch them");
  }

  @Test
  void aFolderThatIsNotThereIsNamedWithItsPlaceAndItsNeighbours() throws IOException {
    assertRefused(
        "there is no such folder. %s has the folders 'b'. Look for a typing error, or fetch the model first"
            .formatted(folder));
    CommandLineRun run =
        CommandLineRun.of(
            "plan",
            Files.writeString(folder.resolve("r.yml"), Situation.half("no/such/model", "b")));
    assertThat(run.err())
        .startsWith(
            "%s/r.yml:3: Checkpoint no/such/model cannot be used:\n- there is no such folder: its place is %s. "
                .formatted(folder, Path.of("no/such/model").toAbsolutePath()));
  }

  @Test
  void theHomeFolderIsNamedAsItIs() throws IOException {
    CommandLineRun run =
        CommandLineRun.of(
            "plan",
            Files.writeString(folder.resolve("r.yml"), Situation.half("~/nothing/x", "~/y")));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(
            "Checkpoint %s/nothing/x cannot be used:\n- there is no such folder"
                .formatted(System.getProperty("user.home")));
  }

  @Test
  void aFolderOfModels() throws IOException {
    model("a/checkpoint-100", 1).write();
    model("a/checkpoint-200", 1).write();

    assertRefused(
        "it holds no weights itself, but folders in it do: 'checkpoint-100', 'checkpoint-200'."
            + " Name one of them, or all of them: a/*");
  }

  @ParameterizedTest
  @CsvSource({
    "model.Q4_K_M.gguf, 'its weights are GGUF: ''model.Q4_K_M.gguf''. Use the safetensors files"
        + " that it was made from; or, where a model is merged, name a GGUF file of F32, F16 or"
        + " BF16 itself'",
    "notes.txt, 'it holds no safetensors file, only ''notes.txt''. Give the folder of the weights'",
  })
  void aFolderOfOtherFiles(String file, String problem) throws IOException {
    here.model("a").file(file, "GGUF");

    assertRefused(problem);
  }

  @Test
  void aGgufFile() throws IOException {
    here.model("x").file("model.gguf", "GGUF");

    here.assertRefused(
        1,
        Situation.half("x/model.gguf", "b"),
        "recipe.yml:3: x/model.gguf: from byte 4 on, its version takes 4 bytes, and its header can"
            + " have 0 more. Fetch the file again, or ask those who made it");
  }

  @Test
  void aSafetensorsFileIsAModel() throws IOException {
    model("a", 1)
        .file("config.json", "{\"x\": 1}")
        .file("vocab.txt", "v")
        .write("dream.safetensors");

    here.merge(Situation.half("a/dream.safetensors", "b")).succeeds();

    assertThat(here.first("layer")).isEqualTo(2);
    assertThat(here.files())
        .containsExactly(
            "README.md", "config.json", "model.safetensors", "stockpot-manifest.json", "vocab.txt");
    CommandLineRun.of("verify", here.out()).succeeds();
    CommandLineRun.of("inspect", folder.resolve("a/dream.safetensors")).succeeds();
  }

  @Test
  void safetensorsFilesOfOneFolderAreModels() throws IOException {
    model("soups", 1).write("one.safetensors");
    model("soups", 5).file("config.json", "{}").write("two.safetensors");

    CommandLineRun run =
        here.merge(Situation.half("soups/one.safetensors", "soups/two.safetensors")).succeeds();

    assertThat(here.first("layer")).isEqualTo(3);
    assertThat(here.files()).doesNotContain("config.json");
    assertThat(run.err())
        .contains(
            "soups/one.safetensors: config.json and the files beside it do not go along: they may"
                + " belong to other weights in ");
  }

  @Test
  void anIndexThatListsLessThanItsShardsHold() throws IOException {
    model("a", 1).write(LAYOUT, 1);
    Path index = folder.resolve("a").resolve(LAYOUT.indexFile());
    Files.writeString(index, Files.readString(index).replaceAll("\"head\": \"[^\"]+\",?", ""));

    here.assertRefused(
        2,
        Situation.half("a", "b"),
        "recipe.yml:3: a lacks 1 tensor that other models have: head. Of a: its index does not list"
            + " 'head', which its shards hold: not loaded. List them in the index, or remove the"
            + " index, to load them, or set missing-tensors=copy to take them from a model that has"
            + " them");

    CommandLineRun run =
        here.merge(Situation.half("a", "b"), "--set", "missing-tensors=copy").succeeds();
    assertThat(run.err())
        .contains("Note: a: its index does not list 'head', which its shards hold: not loaded.");
    assertThat(here.first("head")).isEqualTo(3);

    Files.delete(index);
    here.merge(Situation.half("a", "b")).succeeds();
    assertThat(here.first("head")).isEqualTo(2);
  }

  @Test
  void anIndexThatNamesLessThanAllShards() throws IOException {
    model("a", 1).write(LAYOUT, 2);
    Path index = folder.resolve("a").resolve(LAYOUT.indexFile());
    Files.writeString(index, Files.readString(index).replaceAll("\"head\": \"[^\"]+\",?", ""));

    here.assertRefused(
        2,
        Situation.half("a", "b"),
        "recipe.yml:3: a lacks 1 tensor that other models have: head. Of a: its index does not name"
            + " 'model-00001-of-00002.safetensors': not read, or set missing-tensors=copy to take"
            + " them from a model that has them");
  }

  @Test
  void anIndexOfAnotherSave() throws IOException {
    model("a", 1).write(LAYOUT, 2);
    Path index = folder.resolve("a").resolve(LAYOUT.indexFile());
    Files.writeString(index, Files.readString(index).replace("-of-00002", "-of-00004"));

    assertRefused(
        "model.safetensors.index.json is left over from another save: it names"
            + " 'model-00001-of-00004.safetensors', 'model-00002-of-00004.safetensors', of which"
            + " none is there, and the folder holds all of 'model-00001-of-00002.safetensors',"
            + " 'model-00002-of-00002.safetensors'. Remove model.safetensors.index.json");
  }

  @Test
  void aSingleFileBesideTheIndexOfAnEarlierSave() throws IOException {
    Path a = model("a", 1).write();
    Files.copy(folder.resolve("b").resolve(LAYOUT.indexFile()), a.resolve(LAYOUT.indexFile()));

    assertRefused(
        "model.safetensors.index.json is left over from another save: it names"
            + " 'model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', of which"
            + " none is there, and the folder holds 'model.safetensors'. Remove"
            + " model.safetensors.index.json");
  }

  @Test
  void aSecondCopyOfTheWeights() throws IOException {
    Path a = model("a", 1).write(LAYOUT, 2);
    model("a", 1).write("consolidated.safetensors");
    here.merge(Situation.half("a", "b")).succeeds();
    assertThat(here.first("head")).isEqualTo(2);

    Files.delete(a.resolve(LAYOUT.indexFile()));
    CommandLineRun run = here.merge(Situation.half("a", "b")).succeeds();
    assertThat(here.first("head")).isEqualTo(2);
    assertThat(run.err())
        .contains(
            "Note: a: 'consolidated.safetensors' is another copy of the weights, and is not read");
  }

  @ParameterizedTest
  @CsvSource({
    "fp16, 'recipe.yml:5: `dtype` is fp16, did you mean `float16`?'",
    "bfloat, 'recipe.yml:5: `dtype` is bfloat, did you mean `bfloat16`?'",
  })
  void aTypeByAnotherName(String word, String problem) throws IOException {
    model("a", 1).write();
    here.assertRefused(2, Situation.half("a", "b") + "dtype: " + word, problem);
  }

  @Test
  void aTypeByAnotherNameHidesNoFaultOfTheModels() throws IOException {
    here.model("a")
        .file("config.json", "{\"num_hidden_layers\": 2}")
        .filled("model.layers.0.w", 1, 2)
        .filled("model.layers.1.w", 1, 2)
        .write();

    here.assertRefused(
        2,
        """
        dtype: bfloat
        merge_method: passthrough
        slices:
        - sources: [{model: a, layer_range: [0, 2]}]
        - sources: [{model: a, layer_range: [1, 9]}]
        """,
        "recipe.yml:1: `dtype` is bfloat, did you mean `bfloat16`?\n"
            + "recipe.yml:5: layer_range [1, 9] goes beyond the 2 layers of a");
    here.assertRefused(
        2,
        Situation.half("a", "gone") + "dtype: fp16\n",
        ("recipe.yml:5: `dtype` is fp16, did you mean `float16`?\n"
                + "recipe.yml:4: Checkpoint gone cannot be used:\n- there is no such folder. %s has"
                + " the folders 'a', 'b'. Look for a typing error, or fetch the model first")
            .formatted(folder));
  }

  @Test
  void linesThatAreIndentedUnlikeOthers() throws IOException {
    here.assertRefused(
        2,
        "merge_method: linear\nmodels:\n  - model: a\n   parameters: {weight: 1}\n",
        "recipe.yml:4: this line is indented by 3 spaces, and line 3, which begins the list or"
            + " mapping that it should go on with, by 2 spaces; indent both alike, or further if it"
            + " belongs to the line above");
  }
}
