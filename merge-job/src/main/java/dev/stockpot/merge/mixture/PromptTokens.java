package dev.stockpot.merge.mixture;

import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Turns prompts into tokens, as a model's tokenizer does. */
interface PromptTokens {
  /**
   * The tokens of prompts, in their order, each with the text of the token in front that begins a
   * text, and without any other special token.
   *
   * @param model what it is called, for messages
   * @param files those beside its weights, by their names
   * @throws dev.stockpot.merge.UserException if there is no tokenizer that can be used
   */
  List<int[]> of(List<String> prompts, String model, Map<String, StoredObject> files)
      throws IOException;
}
