package dev.stockpot.merge.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads {@code rename}: a list of rules, applied one after the other. */
final class RenameReader {
  static final String KEY = "rename";

  private static final Section.Keys RULE =
      new Section.Keys(
          "a rule of `rename`", List.of("from", "to"), Map.of(), Map.of(), Optional.empty());

  /**
   * What stands before names that were saved from within something: data-parallel wrappers, a
   * head's model, PEFT, and copies that follow training.
   */
  private static final List<String> IN_FRONT =
      List.of("module", "model", "base_model.model", "ema", "ema_model");

  /** What trainers put around modules wherever they stand: compiled, sharded, recomputed. */
  private static final List<String> ANYWHERE =
      List.of("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module");

  private final StrayWords words;
  private final Problems problems;

  RenameReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
  }

  List<Rename> read(Section section) {
    List<Rename> rules = new ArrayList<>();
    for (Node node : section.list(KEY)) {
      if (node instanceof MapNode map) {
        Section rule = new Section(map, RULE, words);
        Optional<String> from = rule.word("from");
        Optional<String> to = rule.word("to");
        boolean isWhole = rule.value("from").isPresent() && rule.value("to").isPresent();
        problems.addIf(
            !isWhole,
            node.line(),
            "a rule of `rename` has `from`, a regular expression, and `to`, for example {from: '^model\\.', to: ''}");
        if (from.isPresent() && to.isPresent()) {
          rule(from.get(), to.get(), node.line()).ifPresent(rules::add);
        }
      } else if (node instanceof ScalarNode scalar && IN_FRONT.contains(scalar.text())) {
        rules.add(new Rename("^" + Pattern.quote(scalar.text() + "."), "", node.line()));
      } else if (node instanceof ScalarNode scalar && ANYWHERE.contains(scalar.text())) {
        rules.add(new Rename("(?<=^|\\.)" + scalar.text() + "\\.", "", node.line()));
      } else {
        problems.add(
            node.line(),
            "an element of `rename` must be a mapping, {from: '…', to: '…'}, or one of %s, which are taken off the front of names, or %s, which are anywhere"
                .formatted(Suggestion.quoted(IN_FRONT), Suggestion.quoted(ANYWHERE)));
      }
    }
    return rules;
  }

  private Optional<Rename> rule(String from, String to, int line) {
    try {
      return Optional.of(new Rename(from, to, line));
    } catch (PatternSyntaxException e) {
      problems.add(
          line, "`from` is `%s`, no regular expression: %s".formatted(from, e.getDescription()));
    } catch (IllegalArgumentException e) {
      problems.add(line, e.getMessage());
    }
    return Optional.empty();
  }
}
