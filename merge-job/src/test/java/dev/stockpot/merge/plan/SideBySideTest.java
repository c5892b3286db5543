package dev.stockpot.merge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.UserException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * One model under two sets of names, with the user asking to copy what is missing: either the names
 * are seen through, or the merge is refused. Nothing of it is ever there twice.
 */
class SideBySideTest {
  private static final String CONFIG = "{\"num_hidden_layers\": 3, \"tie_word_embeddings\": false}";

  /** Words of names as families have them, and what others write in their place. */
  private static final Map<String, List<String>> WORDS =
      Map.of(
          "model", List.of("", "module.model", "transformer", "language_model.model", "backbone"),
          "layers", List.of("h", "blocks", "encoder.layer", "layer", "x.layers"),
          "self_attn", List.of("attn", "attention", "attention.self", "self_attention"),
          "q_proj", List.of("query", "q", "wq", "to_q"),
          "o_proj", List.of("out_proj", "dense", "wo", "output.dense"),
          "mlp", List.of("ffn", "feed_forward", "block_sparse_moe"),
          "up_proj", List.of("w3", "fc1", "linear_1", "dense_h_to_4h"),
          "input_layernorm", List.of("ln_1", "norm1", "attention_norm"),
          "embed_tokens", List.of("wte", "word_embeddings", "embed_in", "tok_embeddings"));

  private static Map<String, long[]> tensors() {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    tensors.put("model.embed_tokens.weight", new long[] {32, 8});
    for (int layer = 0; layer < 3; layer++) {
      String block = "model.layers.%s.".formatted(layer);
      tensors.put(block + "self_attn.q_proj.weight", new long[] {8, 8});
      tensors.put(block + "self_attn.o_proj.weight", new long[] {8, 8});
      tensors.put(block + "mlp.up_proj.weight", new long[] {16, 8});
      tensors.put(block + "input_layernorm.weight", new long[] {8});
    }
    tensors.put("model.norm.weight", new long[] {8});
    tensors.put("lm_head.weight", new long[] {32, 8});
    return tensors;
  }

  private static ModelHeaders model(String name, UnaryOperator<String> names) {
    ModelHeaders model = ModelHeaders.named(name).config(CONFIG);
    tensors().forEach((tensor, shape) -> model.tensor(names.apply(tensor), shape));
    return model;
  }

  /** Which words are others, and by what. */
  @Provide
  Arbitrary<Map<String, String>> spellings() {
    List<String> known = List.copyOf(new TreeSet<>(WORDS.keySet()));
    Arbitrary<Set<String>> chosen = Arbitraries.of(known).set().ofMinSize(1).ofMaxSize(4);
    return Combinators.combine(chosen, Arbitraries.integers().between(0, 1000))
        .as(
            (words, seed) -> {
              Map<String, String> spelling = new LinkedHashMap<>();
              words.forEach(
                  word -> {
                    List<String> others = WORDS.get(word);
                    spelling.put(word, others.get((seed + word.length()) % others.size()));
                  });
              return spelling;
            });
  }

  private static String spelled(String name, Map<String, String> spelling) {
    StringBuilder other = new StringBuilder();
    for (String word : name.split("\\.", -1)) {
      String now = spelling.getOrDefault(word, word);
      other.append(other.isEmpty() || now.isEmpty() ? "" : ".").append(now);
    }
    return other.toString();
  }

  @Property(tries = 300)
  void neverHoldsAModelTwice(
      @ForAll("spellings") Map<String, String> spelling, @ForAll boolean otherFirst) {
    ModelHeaders plain = model("a", name -> name);
    ModelHeaders other = model("b", name -> spelled(name, spelling));
    String recipe = otherFirst ? Planning.linear("b", "a") : Planning.linear("a", "b");
    Set<String> donors = new TreeSet<>();
    tensors().keySet().forEach(name -> donors.add(otherFirst ? spelled(name, spelling) : name));
    try {
      MergePlan plan = Planning.of(recipe, plain, other).copyingMissing().plan();
      assertThat(Planning.names(plan)).containsExactlyInAnyOrderElementsOf(donors);
      for (String name : donors) {
        assertThat(Planning.inputs(plan, name)).as(name).hasSize(2);
      }
    } catch (UserException refusal) {
      assertThat(refusal)
          .hasMessageMatching("(?s).*(under two names|in one tensor|hardly a tensor).*");
    }
  }

  @Property(tries = 100)
  void seesThroughWrappers(@ForAll("wrappers") String before, @ForAll("wrappers") String after) {
    ModelHeaders plain = model("a", name -> after + name);
    ModelHeaders other = model("b", name -> before + name);
    MergePlan plan = Planning.of(Planning.linear("a", "b"), plain, other).copyingMissing().plan();
    assertThat(Planning.names(plan)).hasSize(tensors().size());
    tensors().keySet().forEach(name -> assertThat(Planning.inputs(plan, after + name)).hasSize(2));
  }

  @Provide
  Arbitrary<String> wrappers() {
    return Arbitraries.of("module.", "_orig_mod.", "model.", "language_model.")
        .list()
        .ofMaxSize(2)
        .map(words -> String.join("", words));
  }
}
