package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.plan.ModelHeaders;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a vocabulary's size and files under an adapter that was trained with another. */
class VocabularyTest {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  private final Map<String, StoredObject> companions = new LinkedHashMap<>();

  private static ModelHeaders model(long embedding, long head) {
    return ModelHeaders.named("base").tensor(EMBEDDING, embedding, 4).tensor(HEAD, head, 4);
  }

  private static TensorSource rows(long rows) {
    return ModelHeaders.named("lora").tensor("x", rows, 4).open().tensors().get("x");
  }

  private static Drafts drafts(Model model, String tensor, long rows) {
    Drafts drafts = new Drafts(model.tensors());
    drafts.change(tensor, draft -> draft.replaced(rows(rows)));
    return drafts;
  }

  @Test
  void withoutAChangeThereIsNothingToSay() {
    Model model = model(8, 8).open();
    Drafts drafts = new Drafts(model.tensors());
    assertThat(Vocabulary.uneven(model, drafts)).isEmpty();
    assertThat(Vocabulary.rows(model, drafts)).isEmpty();
  }

  @Test
  void anEmbeddingThatGrewAloneIsAProblem() {
    Model model = model(8, 8).open();
    assertThat(Vocabulary.uneven(model, drafts(model, EMBEDDING, 10)).orElseThrow())
        .isEqualTo(
            "with it, lm_head.weight has 8 rows and model.embed_tokens.weight has 10 rows; its"
                + " vocabulary was resized, and not all of it was saved. Save the adapter again"
                + " with `save_embedding_layers=True`");
  }

  @Test
  void whatGrewTogetherIsTheNewSize() {
    Model model = model(8, 8).open();
    Drafts drafts = drafts(model, EMBEDDING, 10);
    drafts.change(HEAD, draft -> draft.replaced(rows(10)));
    assertThat(Vocabulary.uneven(model, drafts)).isEmpty();
    assertThat(Vocabulary.rows(model, drafts)).hasValue(10L);
  }

  @Test
  void aBaseThatIsUnevenItselfMayStayAsItIs() {
    Model model = model(8, 12).open();
    assertThat(Vocabulary.uneven(model, drafts(model, EMBEDDING, 10))).isEmpty();
    assertThat(Vocabulary.rows(model, drafts(model, EMBEDDING, 10))).isEmpty();
  }

  @Test
  void aHeadThatIsNewCountsToo() {
    Model model = ModelHeaders.named("base").tensor(EMBEDDING, 8, 4).open();
    Drafts drafts = new Drafts(model.tensors());
    drafts.add(HEAD, Draft.of(rows(9), DType.BF16));
    assertThat(Vocabulary.uneven(model, drafts)).isPresent();
    drafts.change(EMBEDDING, draft -> draft.replaced(rows(9)));
    assertThat(Vocabulary.uneven(model, drafts)).isEmpty();
    assertThat(Vocabulary.rows(model, drafts)).hasValue(9L);
  }

  @Test
  void biasesAndOtherTensorsHaveNoSay() {
    Model model = model(8, 8).tensor("lm_head.bias", 5).tensor("model.norm.weight", 4).open();
    assertThat(Vocabulary.uneven(model, new Drafts(model.tensors()))).isEmpty();
    assertThat(Vocabulary.rows(model, drafts(model, "model.norm.weight", 3))).isEmpty();
  }

  private void of(String... files) {
    for (String file : files) {
      companions.put(file, new StoredObject(new Location("/models/base/" + file), 8, "v1"));
    }
  }

  private String takenFrom(String file) {
    return companions.get(file).location().path();
  }

  @Test
  void anAdapterWithoutATokenizerLeavesTheBases() {
    of("tokenizer.json", "generation_config.json");
    Map<String, StoredObject> before = Map.copyOf(companions);
    assertThat(Vocabulary.takeTokenizer(new AdapterHeaders().open(), companions)).isEmpty();
    assertThat(companions).isEqualTo(before);
  }

  @Test
  void aTokenizerComesAsAWholeAndLeavesTheBasesTemplate() {
    of("tokenizer.model", "special_tokens_map.json", "chat_template.jinja", "config.yaml");
    Adapter adapter = new AdapterHeaders().tokenizer("tokenizer.json").open();
    assertThat(Vocabulary.takeTokenizer(adapter, companions).orElseThrow())
        .isEqualTo(
            "/adapters/lora gives tokenizer.json instead of the base: it was trained with that");
    assertThat(companions).containsOnlyKeys("chat_template.jinja", "config.yaml", "tokenizer.json");
    assertThat(takenFrom("tokenizer.json")).startsWith("/adapters/lora/");
  }

  @Test
  void aTemplateWithinAFileOfTheTokenizerReplacesThatOfTheBase() {
    of("tokenizer.json", "chat_template.jinja");
    Adapter adapter =
        new AdapterHeaders()
            .tokenizer("tokenizer.json", "tokenizer_config.json")
            .withTemplate()
            .open();
    Vocabulary.takeTokenizer(adapter, companions);
    assertThat(companions).containsOnlyKeys("tokenizer.json", "tokenizer_config.json");
  }

  @Test
  void aTemplateAloneLeavesTheTokenizerOfTheBase() {
    of("tokenizer.json", "chat_template.json");
    Adapter adapter = new AdapterHeaders().tokenizer("chat_template.jinja").open();
    Vocabulary.takeTokenizer(adapter, companions);
    assertThat(companions).containsOnlyKeys("tokenizer.json", "chat_template.jinja");
    assertThat(takenFrom("tokenizer.json")).startsWith("/models/base/");
  }

  @Test
  void filesBesideATokenizerAreNoWholeOne() {
    of("tokenizer.json", "special_tokens_map.json");
    Adapter adapter = new AdapterHeaders().tokenizer("special_tokens_map.json").open();
    Vocabulary.takeTokenizer(adapter, companions);
    assertThat(companions).containsOnlyKeys("tokenizer.json", "special_tokens_map.json");
    assertThat(takenFrom("special_tokens_map.json")).startsWith("/adapters/lora/");
    assertThat(takenFrom("tokenizer.json")).startsWith("/models/base/");
  }
}
