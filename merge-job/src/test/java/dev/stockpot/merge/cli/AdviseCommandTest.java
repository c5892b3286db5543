package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code advise} prints is a recipe that merges. */
class AdviseCommandTest {
  private static final int WIDTH = 24;
  private static final String LLAMA =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "num_hidden_layers": 1,
       "hidden_size": %s, "vocab_size": %s, "tie_word_embeddings": false}""";

  @TempDir private static Path models;
  @TempDir private Path folder;

  @BeforeAll
  static void writeModels() throws IOException {
    write("base", 1, 0, 0);
    write("math", 1, 2, 0.1);
    write("code", 1, 3, 0.1);
    write("copy", 1, 2, 0.1);
    write("stranger", 7, 0, 0);
    for (int step = 1; step <= 3; step++) {
      write("run/checkpoint-" + step * 50, 1, 5, 0.02 * step);
    }
    ModelFolder.at(models.resolve("wide"))
        .file("config.json", LLAMA.formatted(48, 40))
        .matrix("model.embed_tokens.weight", tuned(1, 0, 0, 40 * 48), 40, 48)
        .matrix("model.layers.0.mlp.up_proj.weight", tuned(2, 0, 0, 64 * 48), 64, 48)
        .write();
  }

  private static void write(String name, int start, int tune, double share) throws IOException {
    ModelFolder.at(models.resolve(name))
        .file("config.json", LLAMA.formatted(WIDTH, 40))
        .matrix("model.embed_tokens.weight", tuned(start, tune, share, 40 * WIDTH), 40, WIDTH)
        .matrix(
            "model.layers.0.mlp.up_proj.weight",
            tuned(start + 100, tune, share, 64 * WIDTH),
            64,
            WIDTH)
        .matrix("lm_head.weight", tuned(start + 200, tune, share, 40 * WIDTH), 40, WIDTH)
        .filled("model.norm.weight", 1, WIDTH)
        .write();
  }

  private static float[] tuned(int start, int tune, double share, int elements) {
    Random random = new Random(start);
    Random own = new Random(1_000L * start + tune);
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) (random.nextGaussian() + share * own.nextGaussian());
    }
    return values;
  }

  private static CommandLineRun advise(String... words) {
    Object[] all = new Object[3 + words.length];
    all[0] = "advise";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--set";
    all[words.length + 2] = "model-root=" + models;
    return CommandLineRun.of(all);
  }

  /** The recipe that is printed, of which a merge is made. */
  private String merges(String... words) throws IOException {
    String recipe = advise(words).succeeds().out();
    Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);
    CommandLineRun.of(
            "merge",
            file,
            folder.resolve("merged"),
            "--overwrite",
            "--set",
            "model-root=" + models,
            "--set",
            "report=false",
            "--set",
            "unknown-keys=error")
        .succeeds();
    return recipe;
  }

  @Test
  void fineTunesOfAKnownBase() throws IOException {
    assertThat(merges("math", "code", "--base", "base"))
        .contains("\nmerge_method: dare_ties\nbase_model: base\n")
        .contains("# From base they learned different things")
        .doesNotContain("Note:");
  }

  @Test
  void aBaseAmongTheModelsIsFound() throws IOException {
    assertThat(merges("math", "base", "code"))
        .contains("base_model: base\n")
        .contains("# base was found to be the base")
        .doesNotContain("  - model: base\n");
  }

  @Test
  void fineTunesWithoutABase() throws IOException {
    assertThat(merges("math", "code"))
        .contains("\nmerge_method: uniform_soup\nmodels:\n  - model: math\n  - model: code\n");
  }

  @Test
  void checkpointsByAPattern() throws IOException {
    assertThat(merges("run/checkpoint-*"))
        .contains("merge_method: checkpoint_average\nparameters: {scheme: mean}\n")
        .contains("  - model: run/checkpoint-50\n  - model: run/checkpoint-100\n");
  }

  @Test
  void oneFineTuneAndItsBase() throws IOException {
    assertThat(merges("math", "--base", "base")).contains("parameters: {weight: 0.5}");
  }

  @Test
  void aStrangerAmongThemIsLeftOut() throws IOException {
    assertThat(merges("math", "stranger", "code"))
        .contains("# stranger left out: trained apart")
        .doesNotContain("- model: stranger");
  }

  @Test
  void copiesAreLeftOut() throws IOException {
    assertThat(merges("math", "copy", "code"))
        .contains("# copy is left out: it has the weights of math")
        .doesNotContain("- model: copy");
  }

  @Test
  void nothingButCopiesIsNothingToMerge() {
    CommandLineRun run = advise("math", "copy");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("have the same weights: there is nothing to merge");
  }

  @Test
  void oneModelIsTooFew() {
    CommandLineRun run = advise("math");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("name two models or more, or one and --base");
  }

  @Test
  void otherWidthsAreRefusedInTheWordsOfAPlan() {
    CommandLineRun run = advise("math", "wide");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("hidden_size is 48 in wide, 24 in math").contains("compose.md");
  }

  @Test
  void whatIsNotThereIsAnErrorInWords() {
    CommandLineRun run = advise("math", "nowhere-at-all", "--set", "hub=off");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains("nowhere-at-all").doesNotContain("fault of Stockpot");
  }

  @Test
  void otherTokensAreBroughtTogether() throws IOException {
    tokens("red", "a", "b", "x");
    tokens("blue", "b", "c", "x", "d");
    assertThat(merges(folder.resolve("red").toString(), folder.resolve("blue").toString()))
        .contains("tokenizer_source: union\n");
  }

  private void tokens(String name, String... words) throws IOException {
    List<String> ids = new ArrayList<>();
    for (int id = 0; id < words.length; id++) {
      ids.add("\"%s\": %s".formatted(words[id], id));
    }
    ModelFolder.at(folder.resolve(name))
        .file("config.json", LLAMA.formatted(WIDTH, words.length))
        .file(
            "tokenizer.json",
            "{\"version\": \"1.0\", \"added_tokens\": [], \"model\": {\"type\": \"WordLevel\", \"vocab\": {%s}, \"unk_token\": \"x\"}}"
                .formatted(String.join(", ", ids)))
        .matrix(
            "model.embed_tokens.weight",
            tuned(1, 2, 0.1, words.length * WIDTH),
            words.length,
            WIDTH)
        .matrix(
            "model.layers.0.mlp.up_proj.weight",
            tuned(5, name.length(), 0.1, 64 * WIDTH),
            64,
            WIDTH)
        .write();
  }

  @Test
  void modelsThatWereTrainedApartAreMatchedFirst() throws IOException {
    for (int start = 1; start < 3; start++) {
      ModelFolder.at(folder.resolve("net" + start))
          .matrix("layers.0.weight", tuned(start, 0, 0, 32 * 16), 32, 16)
          .floats("layers.0.bias", tuned(start + 10, 0, 0, 32))
          .matrix("layers.1.weight", tuned(start + 20, 0, 0, 10 * 32), 10, 32)
          .write();
    }
    String first = folder.resolve("net1").toString();
    assertThat(merges(first, folder.resolve("net2").toString()))
        .contains("align: {to: %s}".formatted(first))
        .contains("# Matching helps wide networks, and narrow ones less");
  }

  @Test
  void adaptersThatNameTheirBaseAreOneAdapter() throws IOException {
    for (String name : new String[] {"lora-a", "lora-b"}) {
      ModelFolder adapter = ModelFolder.at(folder.resolve(name));
      String module = "base_model.model.model.layers.0.mlp.up_proj.lora_";
      adapter
          .matrix(module + "A.weight", tuned(name.hashCode(), 0, 0, 2 * WIDTH), 2, WIDTH)
          .matrix(module + "B.weight", tuned(name.hashCode() + 1, 0, 0, 64 * 2), 64, 2)
          .adapter(
              "\"r\": 2, \"lora_alpha\": 2, \"target_modules\": [\"up_proj\"], \"base_model_name_or_path\": \"%s\""
                  .formatted(models.resolve("base")));
    }
    assertThat(merges(folder.resolve("lora-a").toString(), folder.resolve("lora-b").toString()))
        .contains("# The adapters say that their base is ")
        .contains("output: {kind: adapter, combination_type: cat}\n");
  }
}
