package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two models whose embeddings have one size and whose ids stand for other tokens. */
class OtherTokensTest {
  private static final int TOKENS = 32;

  @TempDir private Path folder;

  @BeforeEach
  void writeModels() throws IOException {
    for (String name : List.of("a", "b")) {
      ModelFolder model =
          ModelFolder.at(folder.resolve(name))
              .file("config.json", "{\"num_hidden_layers\": 2, \"tie_word_embeddings\": true}")
              .bfloats("model.embed_tokens.weight", 1, TOKENS, 4);
      for (int layer = 0; layer < 2; layer++) {
        model.bfloats("model.layers.%s.mlp.up_proj.weight".formatted(layer), 1, 4, 4);
      }
      model.write();
    }
    recipe(
        """
        merge_method: linear
        models:
          - {model: A, parameters: {weight: 1}}
          - {model: B, parameters: {weight: 1}}
        """);
  }

  private void recipe(String text) throws IOException {
    Files.writeString(
        folder.resolve("recipe.yml"),
        text.replace("A", folder.resolve("a").toString())
            .replace("B", folder.resolve("b").toString()));
  }

  private void tokenizer(String model, String prefix, String added) throws IOException {
    String vocabulary =
        IntStream.range(0, TOKENS)
            .mapToObj(id -> "\"%s%s\": %s".formatted(prefix, id, id))
            .collect(Collectors.joining(", "));
    Files.writeString(
        folder.resolve(model).resolve("tokenizer.json"),
        "{\"added_tokens\": [%s], \"model\": {\"vocab\": {%s}}}".formatted(added, vocabulary));
  }

  private CommandLineRun plan() {
    return CommandLineRun.of("plan", folder.resolve("recipe.yml"));
  }

  @Test
  void refusesTwoVocabulariesOfOneSize() throws IOException {
    tokenizer("a", "word", "");
    tokenizer("b", "mot", "");
    CommandLineRun run = plan();
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains(
            "recipe.yml:4: 32 of 32 ids stand for other tokens in %s"
                .formatted(folder.resolve("b")))
        .contains("0 is \"mot0\" in")
        .contains("take models of one tokenizer");
  }

  @Test
  void refusesThemTogetherWithWhatElseIsWrong() throws IOException {
    tokenizer("a", "word", "");
    tokenizer("b", "mot", "");
    for (String model : List.of("a", "b")) {
      Files.writeString(
          folder.resolve(model).resolve("config.json"),
          "{\"num_attention_heads\": %s, \"num_hidden_layers\": 2}"
              .formatted(model.equals("a") ? 2 : 4));
    }
    assertThat(plan().err())
        .contains("ids stand for other tokens")
        .contains("num_attention_heads is 4 in")
        .hasLineCount(2);
  }

  @Test
  void tellsOfAnAddedToken() throws IOException {
    tokenizer("a", "word", "");
    tokenizer("b", "word", "{\"id\": 31, \"content\": \"<|tool|>\"}");
    CommandLineRun run = plan();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out() + run.err())
        .contains("1 id stands for another token in")
        .contains("31 is \"<|tool|>\" in")
        .contains("the result has the tokenizer of " + folder.resolve("a"));
  }

  @Test
  void saysNothingOfOneTokenizerThatWasWrittenTwice() throws IOException {
    tokenizer("a", "word", "");
    tokenizer("b", "word", "{ \"content\": \"word3\", \"id\": 3 }");
    assertThat(plan().out()).doesNotContain("token");
  }

  @Test
  void comparesTheFilesThatBothHave() throws IOException {
    Files.writeString(folder.resolve("a").resolve("vocab.txt"), "the\nof\n");
    Files.writeString(folder.resolve("b").resolve("vocab.txt"), "le\nla\n");
    tokenizer("b", "mot", "");
    assertThat(plan().err()).contains("2 of 2 ids stand for other tokens");
  }

  @Test
  void saysThatATokenizerCannotBeRead() throws IOException {
    tokenizer("a", "word", "");
    Files.writeString(folder.resolve("b").resolve("tokenizer.json"), "{\"model\": {");
    CommandLineRun run = plan();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out() + run.err()).contains("so that tokens are not compared");
  }

  @Test
  void leavesLayersAloneThatNoTokenReaches() throws IOException {
    tokenizer("a", "word", "");
    tokenizer("b", "mot", "");
    recipe(
        """
        merge_method: passthrough
        slices:
          - sources: [{model: A, layer_range: [0, 1]}]
          - sources: [{model: B, layer_range: [0, 2]}]
          - sources: [{model: A, layer_range: [1, 2]}]
        """);
    assertThat(plan().exitCode()).isZero();
  }
}
