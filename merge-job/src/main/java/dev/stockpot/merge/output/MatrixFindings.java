package dev.stockpot.merge.output;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was found of matrices while they were made.
 *
 * @param cuts how near adapters come to changes, by module
 * @param measures numbers that programs told, by tensor and by what they are
 */
public record MatrixFindings(Map<String, RankCut> cuts, Map<String, Map<String, Double>> measures)
    implements Serializable {
  /** Nothing. */
  public static final MatrixFindings NONE = new MatrixFindings(Map.of(), Map.of());

  public MatrixFindings {
    cuts = Map.copyOf(cuts);
    measures = Map.copyOf(measures);
  }

  /** What was found by several; of two numbers that say the same, either. */
  public static MatrixFindings all(Collection<MatrixFindings> parts) {
    Map<String, RankCut> cuts = new TreeMap<>();
    Map<String, Map<String, Double>> measures = new TreeMap<>();
    for (MatrixFindings part : parts) {
      cuts.putAll(part.cuts);
      measures.putAll(part.measures);
    }
    return new MatrixFindings(cuts, measures);
  }
}
