package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.model.ElementPlace;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.output.ConfigEdit;
import java.util.List;
import java.util.stream.IntStream;

/** Small models with tokenizers, and recipes for them. */
abstract class VocabularyCases {
  static final String EMBEDDING = "model.embed_tokens.weight";
  static final String HEAD = "lm_head.weight";
  final TokenModels models = new TokenModels();

  static TokenizerTexts words(String... words) {
    return TokenizerTexts.words(words);
  }

  void twoChatModels() {
    models.model("a", 3, words("<s>", "the", "cat").special("<s>"));
    models.model("b", 5, words("<s>", "the", "cat").special("<s>", "<|x|>", "<|y|>"));
    models.model("c", 4, words("<s>", "the", "cat").special("<s>", "<|y|>"));
  }

  /**
   * Where each row of a tensor comes from: {@code a 3} is row 3 of a's, {@code mean} one of means.
   */
  static List<String> rows(TensorSource source) {
    return IntStream.range(0, Math.toIntExact(source.shape().dimensions().get(0)))
        .mapToObj(row -> row(source, row))
        .toList();
  }

  static String row(TensorSource source, long row) {
    long width = source.shape().elements() / source.shape().dimensions().get(0);
    ElementPlace place = source.place(row * width);
    String[] folders = place.origin().split("/", -1);
    if (place.tensor().startsWith("the mean of ")) {
      return "mean";
    }
    return folders.length > 2 ? folders[2] + " " + place.element() / width : place.tensor();
  }

  static List<String> rows(VocabularyPlan plan, String model, String tensor) {
    return rows(TokenModels.model(plan, model).tensors().get(tensor));
  }

  static JsonObject config(VocabularyPlan plan, JsonObject before) {
    JsonObject config = before;
    for (ConfigEdit edit : plan.edits()) {
      config = edit.apply(config);
    }
    return config;
  }

  static JsonObject config(VocabularyPlan plan) {
    return config(plan, JsonObject.EMPTY.with("vocab_size", 3));
  }
}
