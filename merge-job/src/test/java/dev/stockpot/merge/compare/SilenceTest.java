package dev.stockpot.merge.compare;

import static dev.stockpot.merge.compare.Difference.Weight.NONSENSE;
import static dev.stockpot.merge.compare.Difference.Weight.PERHAPS_MEANT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One model says what the other leaves to its class. */
class SilenceTest {
  private static Map<String, String> of(String type, String... pairs) {
    Map<String, String> values = new HashMap<>(Map.of("model_type", type));
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return values;
  }

  private static List<Difference> differences(Described a, Described b) {
    return ConfigComparison.of(a, b);
  }

  private static List<Difference> differences(String type, String key, String value) {
    return differences(new Described("a", of(type, key, value)), new Described("b", of(type)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "phi; partial_rotary_factor; 0.4; 0.5 by default",
        "gpt_neox; rotary_pct; 1; ",
        "gpt_neox; partial_rotary_factor; 1; 0.25 by default",
        "llama; partial_rotary_factor; 0.5; 1 by default",
        "llama; rope_theta; 500000; 10000 by default",
        "gemma3_text; rope_theta; 10000; 1000000 by default",
        "gemma3_text; rope_local_base_freq; 500; 10000 by default",
        "mistral; sliding_window; 1024; 4096 by default",
        "gemma2; final_logit_softcapping; 10; 30 by default",
        "gemma3_text; attn_logit_softcapping; 50; null",
        "llama; rms_norm_eps; 0.00001; 0.000001 by default",
        "llama; attention_bias; true; false by default",
        "bert; layer_norm_eps; 0.00001; 0.000000000001 by default",
      })
  void whatOnlyOneSaysIsComparedWithWhatTheClassOfTheOtherTakes(
      String type, String key, String value, String taken) {
    List<Difference> found = differences(type, key, value);
    if (taken == null) {
      return; // a key of another version, which the class does not read
    }
    assertThat(found)
        .containsExactly(
            new Difference(PERHAPS_MEANT, "%s is %s in b, %s in a".formatted(key, taken, value)));
    assertThat(differences(new Described("a", of(type)), new Described("b", of(type, key, value))))
        .containsExactly(
            new Difference(PERHAPS_MEANT, "%s is %s in b, %s in a".formatted(key, value, taken)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "phi; partial_rotary_factor; 0.5",
        "gpt_neox; rotary_pct; 0.25",
        "llama; partial_rotary_factor; 1",
        "llama; rope_theta; 10000",
        "llama; rope_parameters.rope_theta; 10000",
        "gpt_neox; rotary_emb_base; 10000",
        "gemma3_text; rope_parameters.full_attention.rope_theta; 1000000",
        "gemma3_text; rope_parameters.sliding_attention.rope_theta; 10000",
        "mistral; sliding_window; 4096",
        "qwen2; use_sliding_window; false",
        "qwen2; sliding_window; 131072",
        "gemma2; final_logit_softcapping; 30",
        "llama; attention_bias; false",
        "gemma; head_dim; 256",
        "bert; is_decoder; false",
        "a_type_of_next_year; rms_norm_eps; 0.1",
      })
  void silenceThatMeansTheSameIsNoDifference(String type, String key, String value) {
    assertThat(differences(type, key, value)).isEmpty();
  }

  @Test
  void anActivationThatOneLeavesToItsClassIsNonsenseToAnother() {
    assertThat(differences("llama", "hidden_act", "gelu"))
        .containsExactly(new Difference(NONSENSE, "hidden_act is silu by default in b, gelu in a"));
    assertThat(differences("llama", "hidden_act", "swish")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"head_dim, 4, true", "head_dim, 8, false", "num_key_value_heads, 2, true"})
  void sizesOfHeadsFollowFromTheirNumberAndTheWidth(String key, String value, boolean isSame) {
    String[] sizes = {"hidden_size", "8", "num_attention_heads", "2"};
    Map<String, String> said = of("llama", sizes);
    said.put(key, value);
    List<Difference> found =
        differences(new Described("a", said), new Described("b", of("llama", sizes)));
    if (isSame) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found)
          .containsExactly(new Difference(NONSENSE, "head_dim is 4 by default in b, 8 in a"));
    }
  }

  @Test
  void aHeadsSizeThatCannotBeWorkedOutIsNoDifference() {
    Map<String, String> odd = of("llama", "hidden_size", "9", "num_attention_heads", "2");
    Map<String, String> none = of("llama", "hidden_size", "9", "num_attention_heads", "0");
    for (Map<String, String> silent : List.of(odd, none)) {
      Map<String, String> said = new HashMap<>(silent);
      said.put("head_dim", "4");
      assertThat(differences(new Described("a", said), new Described("b", silent))).isEmpty();
    }
  }

  @Test
  void nullMeansNothingWhereTheClassTakesSomething() {
    Described none = new Described("b", of("mistral"), Set.of("sliding_window"));
    assertThat(differences(new Described("a", of("mistral", "sliding_window", "4096")), none))
        .containsExactly(new Difference(PERHAPS_MEANT, "sliding_window is null in b, 4096 in a"));
    assertThat(differences(new Described("a", of("mistral"), Set.of("sliding_window")), none))
        .isEmpty();
  }

  @Test
  void nullLeavesAnActivationToTheClassAndWhatTheClassDoesNotKnowToNobody() {
    Described gemma = new Described("b", of("gemma2"), Set.of("hidden_activation"));
    assertThat(
            differences(
                new Described("a", of("gemma2", "hidden_activation", "gelu_pytorch_tanh")), gemma))
        .isEmpty();
    Described older = new Described("b", of("gemma"), Set.of("hidden_activation", "of_before"));
    assertThat(
            differences(
                new Described("a", of("gemma", "hidden_activation", "gelu", "of_before", "1")),
                older))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "qwen3; [\"full_attention\",\"full_attention\"]; true",
        "qwen3; [\"sliding_attention\",\"full_attention\"]; false",
        "gemma2; [\"sliding_attention\",\"full_attention\",\"sliding_attention\"]; true",
        "gemma2; [\"full_attention\",\"sliding_attention\",\"full_attention\"]; false",
      })
  void kindsOfLayersRepeatAsTheClassRepeatsThem(String type, String list, boolean isSame) {
    List<Difference> found = differences(type, "layer_types", list);
    assertThat(found).hasSize(isSame ? 0 : 1);
    assertThat(found).allMatch(difference -> difference.words().contains("by default in b"));
  }

  @Test
  void kindsThatOtherKeysMakeAreNotGuessed() {
    Described a = new Described("a", of("qwen2", "layer_types", "[\"sliding_attention\"]"));
    Described b = new Described("b", of("qwen2", "use_sliding_window", "true"));
    assertThat(differences(a, b))
        .noneMatch(difference -> difference.words().contains("layer_types"));
  }

  @Test
  void partsAreComparedByTheirOwnTypes() {
    Map<String, String> a = of("llava", "text_config.model_type", "llama");
    Map<String, String> b = new HashMap<>(a);
    b.put("text_config.rope_theta", "500000");
    assertThat(differences(new Described("a", a), new Described("b", b)))
        .containsExactly(
            new Difference(
                PERHAPS_MEANT, "text_config.rope_theta is 500000 in b, 10000 by default in a"));
  }

  @Test
  void whatAnUnknownClassTakesIsToldWhereItMatters() {
    assertThat(differences("of_next_year", "rope_theta", "500000"))
        .containsExactly(
            new Difference(PERHAPS_MEANT, "rope_theta is not there in b, 500000 in a"));
  }
}
