package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML documents into nodes: YAML 1.2's core schema, with anchors, aliases and YAML 1.1's
 * merge keys.
 *
 * <p>It builds from events, not from the library's own tree, because events come one at a time: a
 * limit is met before memory or stack is spent, and an alias costs nothing.
 */
final class YamlTree {
  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int MOST_LEVELS = 32;

  /** With every alias written out; a recipe of a thousand models has ten times fewer. */
  private static final int MOST_VALUES = 100_000;

  private final Iterator<Event> events;
  private final Problems problems;
  private final Map<Anchor, Anchored> anchors = new HashMap<>();
  private final Set<Anchor> open = new HashSet<>();
  private int values;
  private int deepest;

  /** What an alias stands for: how many values, in how many levels below its first. */
  private record Anchored(Node node, int values, int levels) {}

  private YamlTree(String text, Problems problems) {
    this.events = new Parse(LoadSettings.builder().build()).parseString(text).iterator();
    this.problems = problems;
  }

  /**
   * All documents, one behind the other.
   *
   * @return none if there is none, or if what there is cannot be read, which is then a problem
   */
  static List<Node> parse(String text, Problems problems) {
    if (text.length() > MOST_CHARACTERS) {
      problems.add(
          0,
          "the recipe has %s characters, must be at most %s; is it the right file?"
              .formatted(text.length(), MOST_CHARACTERS));
      return List.of();
    }
    try {
      return new YamlTree(text, problems).documents();
    } catch (RefusedException e) {
      problems.add(e.line, e.getMessage());
    } catch (MarkedYamlEngineException e) {
      YamlFault fault = YamlFault.of(e);
      problems.add(fault.line(), fault.message());
    } catch (ReaderException e) {
      int before = text.offsetByCodePoints(0, Math.min(e.getPosition(), text.length()));
      problems.add(
          1 + (int) text.substring(0, before).chars().filter(c -> c == '\n').count(),
          String.format(
              Locale.ROOT,
              "not YAML: character U+%04X is not allowed; remove it",
              e.getCodePoint()));
    } catch (YamlEngineException e) {
      problems.add(0, "not YAML: " + e.getMessage());
    } catch (NumberFormatException e) { // the library's, of digits that are not there
      problems.add(0, "not YAML: a backslash and x, u or U in quotes wants digits behind it");
    }
    return List.of();
  }

  private List<Node> documents() {
    List<Node> documents = new ArrayList<>();
    events.next(); // start of the stream
    while (!(events.next() instanceof StreamEndEvent)) { // start of a document
      documents.add(node(events.next(), 0));
      events.next(); // end of the document
      anchors.clear(); // they hold in one document
    }
    return documents;
  }

  private Node node(Event event, int level) {
    if (event instanceof AliasEvent alias) {
      return aliased(alias, level);
    }
    requireLevel(level, event);
    int deepestBefore = deepest;
    deepest = level;
    Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
    anchor.ifPresent(open::add);
    int before = values;
    count(1, event);
    Node node = unanchored(event, level);
    int levels = deepest - level;
    deepest = Math.max(deepest, deepestBefore);
    anchor.ifPresent(
        name -> {
          open.remove(name);
          anchors.put(name, new Anchored(node, values - before, levels));
        });
    return node;
  }

  private static void requireLevel(int level, Event event) {
    if (level > MOST_LEVELS) {
      throw new RefusedException(
          line(event), "nested deeper than %s levels; write it flatter".formatted(MOST_LEVELS));
    }
  }

  private Node unanchored(Event event, int level) {
    if (event instanceof SequenceStartEvent start) {
      refuseForeignTag(start.getTag(), "seq", event);
      return list(line(event), level);
    }
    if (event instanceof MappingStartEvent start) {
      refuseForeignTag(start.getTag(), "map", event);
      return map(line(event), level);
    }
    return YamlScalar.of((ScalarEvent) event, line(event), problems);
  }

  private Node aliased(AliasEvent alias, int level) {
    Anchor name = alias.getAlias();
    if (open.contains(name)) {
      throw new RefusedException(line(alias), "`*%s` contains itself; remove it".formatted(name));
    }
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw new RefusedException(
          line(alias),
          "`*%s` has no `&%s` above it; add one or write it out".formatted(name, name));
    }
    requireLevel(level + anchored.levels(), alias); // it may hold aliases, and these others
    deepest = Math.max(deepest, level + anchored.levels());
    count(anchored.values(), alias);
    return anchored.node();
  }

  private void count(int more, Event event) {
    values += more;
    if (values > MOST_VALUES) {
      throw new RefusedException(
          line(event),
          "with its aliases written out, the recipe has more than %s values; use fewer"
              .formatted(MOST_VALUES));
    }
  }

  private ListNode list(int line, int level) {
    List<Node> elements = new ArrayList<>();
    for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
      elements.add(node(event, level + 1));
    }
    return new ListNode(elements, line);
  }

  private MapNode map(int line, int level) {
    Map<String, MapNode.Entry> entries = new LinkedHashMap<>();
    List<Node> merged = new ArrayList<>();
    for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
      int keyLine = line(event);
      Node key = node(event, level + 1);
      Node value = node(events.next(), level + 1);
      if (event instanceof ScalarEvent scalar
          && scalar.isPlain()
          && scalar.getValue().equals("<<")) {
        merged.add(value);
      } else if (key instanceof ScalarNode word) {
        add(entries, new MapNode.Entry(word.text(), keyLine, value));
      } else {
        problems.add(
            keyLine,
            "a key must be a word, not a %s"
                .formatted(key instanceof ListNode ? "list" : "mapping"));
      }
    }
    for (Node value : merged) { // the mapping's own keys win, then the first that is merged in
      mergeInto(entries, value);
    }
    return new MapNode(List.copyOf(entries.values()), line);
  }

  private void add(Map<String, MapNode.Entry> entries, MapNode.Entry entry) {
    MapNode.Entry earlier = entries.putIfAbsent(entry.key(), entry);
    if (earlier != null) {
      problems.add(
          entry.line(),
          "`%s` is given twice, here and in line %s; keep one"
              .formatted(entry.key(), earlier.line()));
    }
  }

  private void mergeInto(Map<String, MapNode.Entry> entries, Node value) {
    if (value instanceof MapNode map) {
      map.entries().forEach(entry -> entries.putIfAbsent(entry.key(), entry));
    } else if (value instanceof ListNode list
        && list.elements().stream().allMatch(MapNode.class::isInstance)) {
      list.elements().forEach(element -> mergeInto(entries, element));
    } else {
      problems.add(
          value.line(),
          "`<<` must name a mapping, or a list of them, not %s".formatted(value.shown()));
    }
  }

  private static void refuseForeignTag(Optional<String> tag, String kind, Event event) {
    if (tag.isPresent() && !tag.get().equals("!") && !tag.get().endsWith("yaml.org,2002:" + kind)) {
      throw new RefusedException(
          line(event), "tag `%s` means nothing in a recipe; remove it".formatted(tag.get()));
    }
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  /** Reading cannot go on. */
  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int line;

    RefusedException(int line, String message) {
      super(requireNonNull(message, "message is null"));
      this.line = line;
    }
  }
}
