package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A model with adapters is the model that they would be baked into first. */
class AdapterMergeTest extends AdapterCases {
  private Path merged(String recipe, String name, String... more) throws IOException {
    run(recipe, more).succeeds();
    return Files.move(folder.resolve("out"), folder.resolve(name));
  }

  private static void areEqual(Path a, Path b) throws IOException {
    Tensors one = new Tensors(a);
    Tensors other = new Tensors(b);
    assertThat(one.checkpoint().tensors().keySet())
        .isEqualTo(other.checkpoint().tensors().keySet());
    for (TensorInfo tensor : one.checkpoint().tensors().values()) {
      assertThat(other.checkpoint().tensors().get(tensor.name()).dtype()).isEqualTo(tensor.dtype());
      assertThat(one.bytes(tensor.name())).as(tensor.name()).isEqualTo(other.bytes(tensor.name()));
    }
  }

  private static String ties(String model) {
    return """
    merge_method: ties
    base_model: base
    models:
    - model: %s
      parameters: {weight: 0.7, density: 0.6}
    - model: other
      parameters: {weight: 0.5, density: 0.5}
    """
        .formatted(model);
  }

  @Test
  void givesTheBytesOfBakingFirst() throws IOException {
    model("other", 2);
    plainAdapter("lora");
    Path baked = merged(passthrough("base+lora"), "baked");
    assertThat(new Tensors(baked).checkpoint().tensors().get(Q + ".weight").dtype())
        .isEqualTo(DType.BF16);
    areEqual(merged(ties("base+lora"), "at-once"), merged(ties(baked.toString()), "after"));
  }

  @Test
  void givesTheSameBytesHoweverItIsCut() throws IOException {
    model("other", 2);
    plainAdapter("lora");
    Path small =
        merged(
            ties("base+lora"),
            "small",
            "--set",
            "part-size=1 KiB",
            "--set",
            "chunk-elements=4096",
            "--set",
            "tasks=4");
    Path scalar = merged(ties("base+lora"), "scalar", "--set", "provider=scalar");
    areEqual(small, scalar);
  }

  @Test
  void tensorsThatNoAdapterTouchesAreThoseOfTheBase() throws IOException {
    plainAdapter("lora");
    Tensors baked = new Tensors(merged(passthrough("base+lora"), "baked"));
    for (String name : new String[] {EMBEDDING + ".weight", "lm_head.weight", Q + ".bias"}) {
      assertThat(baked.bytes(name)).isEqualTo(new Tensors(base).bytes(name));
    }
    assertThat(baked.bytes(Q + ".weight")).isNotEqualTo(new Tensors(base).bytes(Q + ".weight"));
  }

  @Test
  void theLongFormNamesTheSameModel() throws IOException {
    plainAdapter("lora");
    plainAdapter("lora2");
    Path brief = merged(passthrough("base+lora+lora2"), "brief");
    Path long1 = merged(passthrough("{model: {path: base}, lora: [{path: lora}, lora2]}"), "long");
    areEqual(brief, long1);
  }

  @Test
  void severalAdaptersAreRoundedOnceTogether() throws IOException {
    plainAdapter("lora");
    ModelFolder undoing = adapterAt("undoing");
    undoing
        .matrix("base_model.model." + Q + ".lora_A.weight", numbers(Q + "a4", 4 * D), 4, D)
        .matrix("base_model.model." + Q + ".lora_B.weight", numbers(Q + "b4", 4 * D), D, 4)
        .adapter("\"r\": 4, \"lora_alpha\": -8");
    Tensors there = new Tensors(merged(passthrough("base+lora+undoing"), "and-back"));
    double[] before = new Tensors(base).values(Q + ".weight");
    double[] after = there.values(Q + ".weight");
    assertThat(after).containsExactly(before); // rounded in between, some would have moved
  }

  @Test
  void aFolderThatHasAPlusInItsNameIsAFolder() throws IOException {
    model("base+odd", 3);
    Path taken = merged(passthrough("base+odd"), "taken");
    areEqual(taken, folder.resolve("base+odd"));
  }

  @Test
  void patternsMatchBasesOfOneAdapter() throws IOException {
    model("run-1", 1);
    model("run-2", 2);
    plainAdapter("lora");
    Path both = merged("merge_method: uniform_soup\nmodels:\n- model: run-*+lora\n", "pattern");
    Path named =
        merged(
            "merge_method: uniform_soup\nmodels:\n- model: run-1+lora\n- model: run-2+lora\n",
            "named");
    areEqual(both, named);
    assertThat(run("merge_method: uniform_soup\nmodels:\n- model: run-*+lo*\n").err())
        .contains("run-*+lo*: an adapter cannot be a pattern; name each of them");
  }

  @Test
  void theTokenizerOfAnAdapterComesAsAWhole() throws IOException {
    pair(adapterAt("lora").file("tokenizer.json", "{\"of\": \"the adapter\"}"), Q, 4, D, D)
        .adapter("\"r\": 4");
    CommandLineRun run = run(passthrough("base+lora")).succeeds();
    Path out = folder.resolve("out");
    assertThat(out.resolve("tokenizer.json")).hasContent("{\"of\": \"the adapter\"}");
    assertThat(out.resolve("tokenizer.model")).doesNotExist();
    assertThat(out.resolve("chat_template.jinja")).hasContent("the base's");
    assertThat(run.out() + run.err()).contains("gives tokenizer.json instead of the base");
  }

  @Test
  void aChatTemplateOfAnAdapterIsTakenAlone() throws IOException {
    pair(adapterAt("lora").file("chat_template.jinja", "the adapter's"), Q, 4, D, D)
        .adapter("\"r\": 4");
    run(passthrough("base+lora")).succeeds();
    Path out = folder.resolve("out");
    assertThat(out.resolve("chat_template.jinja")).hasContent("the adapter's");
    assertThat(out.resolve("tokenizer.model")).exists();
  }

  @Test
  void aTemplateInTheAdaptersTokenizerStandsForTheBases() throws IOException {
    pair(
            adapterAt("lora")
                .file("tokenizer.json", "{}")
                .file("tokenizer_config.json", "{\"chat_template\": \"the adapter's\"}"),
            Q,
            4,
            D,
            D)
        .adapter("\"r\": 4");
    run(passthrough("base+lora")).succeeds();
    assertThat(folder.resolve("out/chat_template.jinja")).doesNotExist();
  }

  @Test
  void anotherBaseThanTheAdapterNamesIsTold() throws IOException {
    pair(adapterAt("lora"), Q, 4, D, D)
        .adapter("\"r\": 4, \"base_model_name_or_path\": \"org/another\"");
    assertThat(run(passthrough("base+lora")).succeeds().err())
        .contains("was trained on org/another, and is put on base");
  }

  @Test
  void theManifestNamesTheAdaptersFiles() throws IOException {
    plainAdapter("lora");
    Path out = merged(passthrough("base+lora"), "baked");
    assertThat(out.resolve("stockpot-manifest.json"))
        .content()
        .contains("\"base+lora\"", "\"adapter_model.safetensors\"");
    assertThat(out.resolve("README.md")).content().contains("- `base+lora`");
  }
}
