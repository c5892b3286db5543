package dev.stockpot.merge.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.adapter.FuzzedAdapter;
import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.compare.TokenTable;
import dev.stockpot.merge.evaluate.FuzzedResults;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.recipe.RecipeParser;
import dev.stockpot.merge.recipe.UnknownKeys;
import dev.stockpot.merge.safetensors.FuzzedCheckpoint;
import dev.stockpot.merge.settings.HoconTree;
import dev.stockpot.merge.settings.Settings;
import dev.stockpot.merge.vocabulary.FuzzedTokenizer;
import java.util.Map;
import java.util.TreeMap;

/** All that reads what others wrote, by name: bytes are taken or refused, and nothing else. */
final class Parsers {
  private static final RecipeParser RECIPES =
      new RecipeParser(MergeMethods.all(), PostSteps.all(), UnknownKeys.NOTICE);

  private Parsers() {}

  /** Reads bytes; throws what no user should see. */
  @FunctionalInterface
  interface Parser {
    void read(byte[] bytes) throws Exception;
  }

  /** Each of them. */
  static final Map<String, Parser> ALL =
      new TreeMap<>(
          Map.of(
              "header",
              FuzzedCheckpoint::header,
              "index",
              FuzzedCheckpoint::index,
              "config",
              Parsers::config,
              "recipe",
              text -> refusing(() -> RECIPES.parse("r.yml", text(text))),
              "hocon",
              text -> refusing(() -> hocon(text(text))),
              "settings",
              text -> refusing(() -> Settings.load(Map.of(), "s.conf", text(text))),
              "adapter",
              FuzzedAdapter::config,
              "tokenizer",
              Parsers::tokenizer,
              "results",
              FuzzedResults::results));

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static void refusing(Runnable reading) {
    try {
      reading.run();
    } catch (UserException e) {
      if (e.getMessage().isBlank()) {
        throw new AssertionError("a refusal without words", e);
      }
    }
  }

  private static void hocon(String text) {
    RECIPES.parse("r.conf", text, HoconTree.parse("r.conf", text));
  }

  private static void config(byte[] bytes) {
    try {
      ModelConfig.of(Json.parsePythons(text(bytes)).object().orElse(JsonObject.EMPTY)).values();
    } catch (JsonException e) {
      requireWords(e);
    }
  }

  private static void tokenizer(byte[] bytes) {
    FuzzedTokenizer.tokenizer(bytes);
    for (String file : TokenTable.FILES) {
      try {
        TokenTable.of(file, bytes);
      } catch (JsonException e) {
        requireWords(e);
      }
    }
  }

  private static void requireWords(JsonException refusal) {
    if (refusal.getMessage().isBlank()) {
      throw new AssertionError("a refusal without words", refusal);
    }
  }
}
