package dev.stockpot.merge.output;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an output is beside its tensors.
 *
 * @param layout of its files
 * @param edits what becomes of the donor's configuration, one after the other
 * @param companions what lies beside both
 * @param card what its README.md says of the models
 * @param leftBehind files and folders of the donor that are not carried along, with why
 */
public record OutputFolder(
    OutputLayout layout,
    List<ConfigEdit> edits,
    List<Companion> companions,
    CardFacts card,
    Map<String, String> leftBehind) {
  public OutputFolder {
    requireNonNull(layout, "layout is null");
    requireNonNull(card, "card is null");
    edits = List.copyOf(edits);
    companions = List.copyOf(companions);
    leftBehind = Collections.unmodifiableMap(new LinkedHashMap<>(leftBehind));
  }
}
