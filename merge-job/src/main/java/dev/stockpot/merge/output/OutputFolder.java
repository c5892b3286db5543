package dev.stockpot.merge.output;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an output is beside its tensors.
 *
 * @param kind what it is
 * @param layout of its files
 * @param edits what becomes of the donor's configuration, one after the other
 * @param companions what lies beside both
 * @param card what its README.md says of the models
 * @param leftBehind files and folders of the donor that are not carried along, with why
 */
public record OutputFolder(
    Kind kind,
    OutputLayout layout,
    List<ConfigEdit> edits,
    List<Companion> companions,
    CardFacts card,
    Map<String, String> leftBehind) {
  /** What an output is. */
  public enum Kind {
    /** A model, with its configuration. */
    CHECKPOINT,
    /** What changes a model. */
    ADAPTER
  }

  public OutputFolder {
    requireNonNull(kind, "kind is null");
    requireNonNull(layout, "layout is null");
    requireNonNull(card, "card is null");
    edits = List.copyOf(edits);
    companions = List.copyOf(companions);
    leftBehind = Collections.unmodifiableMap(new LinkedHashMap<>(leftBehind));
  }

  /** A checkpoint. */
  public OutputFolder(
      OutputLayout layout,
      List<ConfigEdit> edits,
      List<Companion> companions,
      CardFacts card,
      Map<String, String> leftBehind) {
    this(Kind.CHECKPOINT, layout, edits, companions, card, leftBehind);
  }

  /**
   * An adapter.
   *
   * @param config the file that says how it is loaded
   */
  public static OutputFolder ofAdapter(OutputLayout layout, Companion config, CardFacts card) {
    return new OutputFolder(Kind.ADAPTER, layout, List.of(), List.of(config), card, Map.of());
  }

  /** The same with other edits of the configuration, and other files beside the tensors. */
  public OutputFolder with(List<ConfigEdit> otherEdits, List<Companion> otherCompanions) {
    return new OutputFolder(kind, layout, otherEdits, otherCompanions, card, leftBehind);
  }

  /** The same with another card. */
  public OutputFolder with(CardFacts other) {
    return new OutputFolder(kind, layout, edits, companions, other, leftBehind);
  }

  /** Whether it is a model. */
  public boolean isCheckpoint() {
    return kind == Kind.CHECKPOINT;
  }
}
