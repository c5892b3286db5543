package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that get the tokens of another. */
class TransplantMergeTest extends WidthsMergeCases {
  @ParameterizedTest
  @CsvSource({"omp, 3", "interpolation, 2", "mean, 1"})
  void aModelGetsTheTokensOfAnother(String method, int most) throws IOException {
    List<String> words = words(4, TOKENS);
    words.add(0, "new");
    float[] donor = random(5, words.size() * 2);
    model("donor", words, donor, 2);
    Tensors out =
        merged(
            """
            base_model: donor
            compose:
              - {from: narrow, except: embed_tokens}
              - {from: narrow, match: embed_tokens, tokens: {of: donor, method: %s, k: %s}}
            config: {template: narrow}
            """
                .formatted(method, method.equals("omp") ? 2 : most));
    double[] rows = out.values("model.embed_tokens.weight");
    assertThat(rows).hasSize(words.size() * NARROW);
    float[] before = random(1, TOKENS * NARROW);
    for (int id = 1; id < words.size(); id++) { // w4 is token 1 now
      for (int i = 0; i < NARROW; i++) {
        assertThat(rows[id * NARROW + i]).isEqualTo(before[(id + 3) * NARROW + i]);
      }
    }
    JsonNode config = new ObjectMapper().readTree(folder.resolve("out/config.json").toFile());
    assertThat(config.get("vocab_size").asInt()).isEqualTo(words.size());
    assertThat(config.get("hidden_size").asInt()).isEqualTo(NARROW);
    assertThat(config.get("eos_token_id").asInt()).isEqualTo(words.size() - 1);
    assertThat(Files.readString(folder.resolve("out/tokenizer.json"))).contains("\"new\"");
    if (method.equals("mean")) {
      double mean = 0;
      for (int id = 4; id < TOKENS; id++) {
        mean += before[id * NARROW] / (TOKENS - 4.0);
      }
      assertThat(rows[0]).isCloseTo(mean, within(1e-5));
    }
  }

  @Test
  void aTokenIsTheMeanOfTheOnesThatSpellIt() throws IOException {
    List<String> words = words(0, TOKENS);
    words.add("w1w11w3");
    words.add("?");
    model("donor", words, random(5, words.size() * 2), 2);
    Tensors out =
        merged(
            """
            base_model: donor
            compose:
              - {from: narrow, except: embed_tokens}
              - {from: narrow, match: embed_tokens, tokens: {of: donor, method: subword}}
            config: {template: narrow}
            """);
    double[] rows = out.values("model.embed_tokens.weight");
    float[] ours = random(1, TOKENS * NARROW);
    for (int i = 0; i < NARROW; i++) {
      double spelled = ours[NARROW + i] + (double) ours[11 * NARROW + i] + ours[3 * NARROW + i];
      assertThat(rows[TOKENS * NARROW + i]).isCloseTo(spelled / 3, within(1e-6));
      double mean = 0;
      for (int id = 0; id < TOKENS; id++) {
        mean += ours[id * NARROW + i] / (double) TOKENS;
      }
      assertThat(rows[(TOKENS + 1) * NARROW + i]).isCloseTo(mean, within(1e-6));
    }
  }

  @Test
  void whatSumsLackIsPrinted() throws IOException {
    List<String> words = words(4, TOKENS);
    words.add("new");
    model("donor", words, random(5, words.size() * 2), 2);
    assertThat(
            run("""
            base_model: donor
            compose:
              - {from: narrow, except: embed_tokens}
              - {from: narrow, match: embed_tokens, tokens: {of: donor, k: 1}}
            config: {template: narrow}
            """)
                .succeeds()
                .out())
        .containsPattern(
            "what sums lack of the donor's rows, mean: 0\\.\\d+ of rows of"
                + " model.embed_tokens.weight");
  }

  /** Where the donor's space is a map of ours, sums there are the same sums here. */
  @Test
  void rowsOfNewTokensAreExactWhereSpacesAgree() throws IOException {
    float[] narrow = random(1, TOKENS * NARROW);
    List<String> known = words(0, TOKENS - 1);
    float[] shorter = new float[(TOKENS - 1) * WIDE];
    double[] all = wideRows();
    for (int i = 0; i < shorter.length; i++) {
      shorter[i] = (float) all[i];
    }
    model("lacking", known, shorter, WIDE);
    Tensors out =
        merged(
            """
            base_model: narrow
            compose:
              - {from: lacking, except: embed_tokens}
              - {from: lacking, match: embed_tokens, tokens: {of: narrow, k: 3}}
            config: {template: lacking}
            """);
    double[] rows = out.values("model.embed_tokens.weight");
    assertThat(rows).hasSize(TOKENS * WIDE);
    for (int i = (TOKENS - 1) * WIDE; i < rows.length; i++) {
      assertThat(rows[i]).isCloseTo(all[i], within(1e-4));
    }
    assertThat(narrow).hasSize(TOKENS * NARROW);
  }
}
