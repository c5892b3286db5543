package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model with adapters is the model that they would be baked into first. */
class AdapterMergeTest {
  private static final String Q = "model.layers.0.self_attn.q_proj";
  private static final String EMBEDDING = "model.embed_tokens";
  private static final int D = 24;
  private static final int TOKENS = 20;

  @TempDir private Path folder;
  private Path base;

  @BeforeEach
  void writeABase() throws IOException {
    base = model("base", 0);
  }

  private Path model(String name, int fineTune) throws IOException {
    return ModelFolder.at(folder.resolve(name))
        .file(
            "config.json",
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": 1,
             "hidden_size": 24, "vocab_size": 20, "tie_word_embeddings": false}""")
        .file("tokenizer.json", "{\"of\": \"the base\"}")
        .file("tokenizer.model", "slow, of the base")
        .file("chat_template.jinja", "the base's")
        .bfloats(EMBEDDING + ".weight", fineTune, TOKENS, D)
        .bfloats(Q + ".weight", fineTune, D, D)
        .bfloats(Q + ".bias", fineTune, D)
        .bfloats("model.layers.0.mlp.up_proj.weight", fineTune, 40, D)
        .bfloats("lm_head.weight", fineTune, TOKENS, D)
        .write();
  }

  private static float[] numbers(String name, int count) {
    Random random = new Random(name.hashCode());
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() / 8;
    }
    return numbers;
  }

  private ModelFolder adapterAt(String name) throws IOException {
    return ModelFolder.at(folder.resolve(name));
  }

  private static ModelFolder pair(ModelFolder to, String module, int rank, int out, int in) {
    return to.matrix(
            "base_model.model." + module + ".lora_A.weight",
            numbers(module + "a" + rank, rank * in),
            rank,
            in)
        .matrix(
            "base_model.model." + module + ".lora_B.weight",
            numbers(module + "b" + rank, rank * out),
            out,
            rank);
  }

  private Path plainAdapter(String name) throws IOException {
    ModelFolder adapter = adapterAt(name);
    pair(adapter, Q, 4, D, D);
    pair(adapter, "model.layers.0.mlp.up_proj", 4, 40, D);
    return adapter.adapter(
        "\"r\": 4, \"lora_alpha\": 8, \"base_model_name_or_path\": \"org/base\"");
  }

  private CommandLineRun run(String recipe, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    Object[] words = new Object[5 + more.length];
    System.arraycopy(
        new Object[] {"merge", file, folder.resolve("out"), "--set", "model-root=" + folder},
        0,
        words,
        0,
        5);
    System.arraycopy(more, 0, words, 5, more.length);
    return CommandLineRun.of(words);
  }

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

  private static String passthrough(String model) {
    return "merge_method: passthrough\nmodels:\n- model: %s\n".formatted(model);
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

  // what is refused

  private String refusal(String model) throws IOException {
    CommandLineRun run = run(passthrough(model));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(folder.resolve("out")).doesNotExist();
    return run.err();
  }

  @Test
  void anAdapterAloneIsToldWhatToWrite() throws IOException {
    plainAdapter("lora");
    assertThat(refusal("lora"))
        .contains(
            "it is no model, but changes one, org/base; write that before it, joined by a"
                + " plus: org/base+")
        .contains("/lora");
  }

  @Test
  void aModelIsNoAdapter() throws IOException {
    model("other", 1);
    assertThat(refusal("base+other"))
        .contains("other cannot be used:\n- it is a model, not an adapter");
  }

  @Test
  void aFolderThatIsNotThereIsSaid() throws IOException {
    assertThat(refusal("base+nowhere")).contains("there is no such folder");
  }

  @Test
  void anAdapterInAFolderOfItsNameIsPointedTo() throws IOException {
    Files.createDirectories(folder.resolve("run"));
    plainAdapter("run/math");
    assertThat(refusal("base+run")).contains("but its folder math has; name that one");
  }

  @Test
  void picklesAreNeverOpened() throws IOException {
    adapterAt("lora")
        .file("adapter_config.json", "{\"peft_type\": \"LORA\"}")
        .file("adapter_model.bin", "pickle");
    assertThat(refusal("base+lora"))
        .contains("its weights are a pickle, adapter_model.bin. Pickles are never opened here");
  }

  @Test
  void everyTensorOfAnAdapterMustBeUsed() throws IOException {
    pair(adapterAt("lora"), Q, 4, D, D)
        .floats("base_model.model." + Q + ".lora_E", 1, 2, 3, 4)
        .floats("base_model.model.model.layers.7.mlp.gate.bias", 1)
        .adapter("\"r\": 4");
    assertThat(refusal("base+lora"))
        .contains("it holds what no LoRA has: base_model.model." + Q + ".lora_E [4]")
        .contains(
            "the base has no tensor for 1 of what the adapter changes:"
                + " model.layers.7.mlp.gate.bias");
  }

  @Test
  void aRankThatTheConfigurationDoesNotHaveIsRefused() throws IOException {
    pair(adapterAt("lora"), Q, 4, D, D).adapter("\"r\": 8");
    assertThat(refusal("base+lora"))
        .contains("are no pair of rank 8, as adapter_config.json has it");
  }

  @Test
  void anAdapterOfAnotherSizeIsRefused() throws IOException {
    pair(adapterAt("lora"), Q, 4, D + 1, D).adapter("\"r\": 4");
    assertThat(refusal("base+lora"))
        .contains("lora_B.weight [25, 4] do not fit " + Q + ".weight [24, 24] of the base");
  }

  @Test
  void halfAPairIsRefused() throws IOException {
    adapterAt("lora")
        .matrix("base_model.model." + Q + ".lora_A.weight", new float[4 * D], 4, D)
        .adapter("\"r\": 4");
    assertThat(refusal("base+lora")).contains("without the other one of the pair");
  }

  @Test
  void aVocabularyThatWasSavedInPartIsRefused() throws IOException {
    adapterAt("lora")
        .matrix("base_model.model.lm_head.weight", new float[23 * D], 23, D)
        .adapter("\"r\": 4, \"modules_to_save\": [\"lm_head\"]");
    assertThat(refusal("base+lora"))
        .contains("with it, model.embed_tokens.weight has 20 rows and lm_head.weight has 23 rows");
  }

  @Test
  void anAdapterThatTookAPartOfItsBaseStandsFirst() throws IOException {
    plainAdapter("lora");
    pair(adapterAt("pissa"), Q, 4, D, D).adapter("\"r\": 4, \"init_lora_weights\": \"pissa\"");
    assertThat(refusal("base+lora+pissa"))
        .contains("Name this adapter first, right after its base");
    run(passthrough("base+pissa+lora")).succeeds();
  }

  @Test
  void rowsBeyondTheVocabularyAreRefused() throws IOException {
    adapterAt("lora")
        .matrix(
            "base_model.model." + EMBEDDING + ".token_adapter.trainable_tokens_delta",
            new float[D],
            1,
            D)
        .adapter("\"r\": 4, \"trainable_token_indices\": [20]");
    assertThat(refusal("base+lora")).contains("does not fit the `trainable_token_indices`");
  }

  @Test
  void anOutputInAnAdapterIsRefused() throws IOException {
    plainAdapter("lora");
    Path file = Files.writeString(folder.resolve("recipe.yml"), passthrough("base+lora"));
    CommandLineRun run =
        CommandLineRun.of(
            "merge", file, folder.resolve("lora/out"), "--set", "model-root=" + folder);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("lora of the model base+lora");
  }
}
