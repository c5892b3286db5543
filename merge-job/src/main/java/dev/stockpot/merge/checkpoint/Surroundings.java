package dev.stockpot.merge.checkpoint;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was seen of a checkpoint beside its tensors.
 *
 * @param weights what its files are called, without numbers and ending: {@code model}, {@code
 *     diffusion_pytorch_model.fp16}
 * @param unlisted names of tensors that its shards hold and its index does not list: they are not
 *     loaded
 * @param card text of its README.md; empty if it has none
 * @param leftBehind files and folders beside it that do not go along, with why
 * @param remarks what a user should know of it, though nothing is wrong
 * @param parts what of it lies in folders of its own
 */
public record Surroundings(
    String weights,
    Set<String> unlisted,
    String card,
    Map<String, String> leftBehind,
    List<String> remarks,
    Parts parts) {
  /** Of a checkpoint of which nothing else is known. */
  public static final Surroundings UNKNOWN =
      new Surroundings("model", Set.of(), "", Map.of(), List.of());

  public Surroundings {
    requireNonNull(weights, "weights is null");
    requireNonNull(card, "card is null");
    requireNonNull(parts, "parts are null");
    unlisted = Collections.unmodifiableSet(new TreeSet<>(unlisted));
    leftBehind = Collections.unmodifiableMap(new LinkedHashMap<>(leftBehind));
    remarks = List.copyOf(remarks);
  }

  /** Of one that lies in a single folder. */
  public Surroundings(
      String weights,
      Set<String> unlisted,
      String card,
      Map<String, String> leftBehind,
      List<String> remarks) {
    this(weights, unlisted, card, leftBehind, remarks, Parts.NONE);
  }

  /** The same with the text of a README.md. */
  public Surroundings withCard(String text) {
    return new Surroundings(weights, unlisted, text, leftBehind, remarks, parts);
  }

  /** The same with parts in folders of their own. */
  public Surroundings withParts(Parts others) {
    return new Surroundings(weights, unlisted, card, leftBehind, remarks, others);
  }
}
