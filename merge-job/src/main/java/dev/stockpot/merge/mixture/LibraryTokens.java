package dev.stockpot.merge.mixture;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Tokens by the library of Hugging Face, as DJL brings it to Java. It is found by its name: native
 * code of many megabytes, which no other merge needs, and no jar of ours contains.
 */
record LibraryTokens(ObjectSource store, String library) implements PromptTokens {
  private static final String LIBRARY = "ai.djl.huggingface.tokenizers.HuggingFaceTokenizer";
  private static final String FILE = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";

  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  LibraryTokens(ObjectSource store) {
    this(store, LIBRARY);
  }

  @Override
  public List<int[]> of(List<String> prompts, String model, Map<String, StoredObject> files)
      throws IOException {
    StoredObject file = files.get(FILE);
    if (file == null) {
      throw new UserException(
          "%s has no %s, which tells the tokens of prompts. Make it with AutoTokenizer.from_pretrained('%s').save_pretrained('%s'), or give the tokens as `prompt_ids`"
              .formatted(model, FILE, model, model));
    }
    String beginning = beginning(files);
    try (AutoCloseable tokenizer = opened(file)) {
      Method encode =
          tokenizer.getClass().getMethod("encode", String.class, boolean.class, boolean.class);
      List<int[]> tokens = new ArrayList<>();
      for (String prompt : prompts) {
        Object encoding = encode.invoke(tokenizer, beginning + prompt, false, false);
        long[] ids = (long[]) encoding.getClass().getMethod("getIds").invoke(encoding);
        tokens.add(Arrays.stream(ids).mapToInt(Math::toIntExact).toArray());
      }
      return tokens;
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw new UserException(
          "`gate_mode: cheap_embed` needs the tokens of %s prompts, such as `%s`, and the jar of ai.djl.huggingface:tokenizers is not here. Name it and those that it needs in STOCKPOT_JARS, or give the tokens as `prompt_ids`: `stockpot-tools prompt-ids RECIPE` prints them"
              .formatted(prompts.size(), prompts.get(0)),
          e);
    } catch (InvocationTargetException e) {
      throw new UserException(
          "%s cannot be used as a tokenizer: %s. Give the tokens as `prompt_ids`: `stockpot-tools prompt-ids RECIPE` prints them"
              .formatted(file.location(), e.getCause().getMessage()),
          e);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // another version of the library, or one that cannot be closed
      throw new UserException(
          "the jar of ai.djl.huggingface:tokenizers cannot be used (%s). Take version 0.36.0, or give the tokens as `prompt_ids`"
              .formatted(e),
          e);
    }
  }

  private AutoCloseable opened(StoredObject file)
      throws IOException, ReflectiveOperationException {
    Method open = Class.forName(library).getMethod("newInstance", InputStream.class, Map.class);
    return (AutoCloseable) open.invoke(null, new ByteArrayInputStream(file.read(store)), OPTIONS);
  }

  /** The text of the token that begins a sentence; empty if there is none. */
  private String beginning(Map<String, StoredObject> files) throws IOException {
    StoredObject config = files.get(CONFIG);
    if (config == null) {
      return "";
    }
    try {
      String text = new String(config.read(store), StandardCharsets.UTF_8);
      return Json.parsePythons(text)
          .object()
          .flatMap(object -> object.get("bos_token"))
          .flatMap(
              token ->
                  token.text().or(() -> token.object().map(object -> object.text("content"))))
          .orElse("");
    } catch (JsonException e) {
      throw new UserException(
          "%s is not valid JSON: %s. Fetch it again".formatted(config.location(), e.getMessage()),
          e);
    }
  }
}
