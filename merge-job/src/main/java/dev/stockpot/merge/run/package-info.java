/**
 * A merge is a call: open, plan, make, publish, told to whoever listens and printed nowhere.
 *
 * <pre>{@code
 * import dev.stockpot.merge.UserException;
 * import dev.stockpot.merge.run.MergeOptions;
 * import dev.stockpot.merge.run.MergeOutcome;
 * import dev.stockpot.merge.run.MergeRecipe;
 * import dev.stockpot.merge.run.Stockpot;
 * import java.util.Map;
 * import org.apache.spark.sql.SparkSession;
 *
 * final class Merging {
 *   static String merge(SparkSession session) {
 *     MergeRecipe recipe =
 *         MergeRecipe.by("ties")
 *             .base("s3a://models/base")
 *             .model("s3a://models/math", Map.of("weight", 1.0, "density", 0.5))
 *             .model("s3a://models/code", Map.of("weight", 0.5, "density", 0.3))
 *             .build();
 *     MergeOptions options = MergeOptions.DEFAULT.withSetting("seed", 7);
 *     try (Stockpot stockpot = Stockpot.on(session)) {
 *       MergeOutcome merged = stockpot.merge(recipe, "s3a://models/merged", options);
 *       return merged.folder() + " has " + merged.tensors() + " tensors";
 *     } catch (UserException e) {
 *       return e.kind() + ": " + e.getMessage();
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>{@link dev.stockpot.merge.run.Stockpot} is the public API, with the public types of this
 * package that it takes and gives, {@link dev.stockpot.merge.UserException} and its kinds. All
 * other packages of Stockpot may change with every version; the contract of merge methods aside.
 */
package dev.stockpot.merge.run;
