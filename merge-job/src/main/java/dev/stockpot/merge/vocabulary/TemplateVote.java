package dev.stockpot.merge.vocabulary;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.recipe.TemplateChoice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the chat template that a recipe asks for. */
final class TemplateVote {
  private TemplateVote() {}

  /**
   * The template.
   *
   * @param models in the order in which they vote
   * @return nothing if it is to be what most models have, and none has any
   */
  static Optional<String> of(TemplateChoice choice, List<ChatTemplates> models) {
    if (choice.isAuto()) {
      return mostFrequent(models);
    }
    return Optional.of(choice.isNamed() ? builtIn(choice.text()) : choice.text());
  }

  /** The most frequent one, letters between spaces alone; of equally many the first. */
  private static Optional<String> mostFrequent(List<ChatTemplates> models) {
    Map<String, Integer> votes = new LinkedHashMap<>();
    for (ChatTemplates model : models) {
      model.usual().map(String::strip).ifPresent(text -> votes.merge(text, 1, Integer::sum));
    }
    return votes.entrySet().stream()
        .reduce((first, next) -> next.getValue() > first.getValue() ? next : first)
        .map(Map.Entry::getKey);
  }

  private static String builtIn(String name) {
    try (InputStream file = TemplateVote.class.getResourceAsStream(name + ".jinja")) {
      if (file == null) {
        throw new UserException("there is no chat template '%s'".formatted(name));
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it is in a jar that is open
    }
  }
}
