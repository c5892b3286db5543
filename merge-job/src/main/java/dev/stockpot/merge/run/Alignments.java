package dev.stockpot.merge.run;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.plan.Statistics;
import dev.stockpot.merge.recipe.ModelReference;
import dev.stockpot.merge.statistics.StatisticsCheckpoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The models of a recipe, those that are to be aligned as views with their units in place.
 *
 * @param statistics that lie beside models, of units where these are now
 * @param read statistics that tell where units belong
 * @param notices what is to be done for that
 * @param found of units, where they were matched
 */
record Alignments(
    Map<ModelReference, Model> models,
    Map<ModelReference, StatisticsCheckpoint> statistics,
    List<Statistics> read,
    List<String> notices,
    MatrixFindings found) {
  Alignments {
    models = Collections.unmodifiableMap(new LinkedHashMap<>(models)); // in the recipe's order
    statistics = Collections.unmodifiableMap(new LinkedHashMap<>(statistics));
    read = List.copyOf(read);
    notices = List.copyOf(notices);
  }
}
