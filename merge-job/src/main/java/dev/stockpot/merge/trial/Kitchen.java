package dev.stockpot.merge.trial;

import dev.stockpot.merge.evaluate.Cluster;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Makes candidates, takes them away again, and hears of their scores, all on one thread; knows who
 * runs evaluators on executors.
 */
public interface Kitchen extends Cluster {

  /**
   * What a candidate's bytes hang on beside its recipe: the files of its models with their
   * versions, and settings. Equal digests, equal bytes.
   *
   * @param recipe as YAML
   */
  String inputs(String recipe);

  /**
   * Merges, in one reading of the inputs where they are the same.
   *
   * @param candidates at least one
   * @return where each lies, in their order
   */
  List<String> make(List<Order> candidates) throws IOException;

  /**
   * Where a model lies that is scored as it is.
   *
   * @param model as the recipe names it
   */
  String original(String model) throws IOException;

  /** Removes what was made, as soon as nobody needs it. */
  void remove(Order candidate) throws IOException;

  /**
   * A candidate was scored, or could not be.
   *
   * @param number from 1
   * @param of how many there will be at most
   * @param verdict what that led to, in a word; empty if to nothing
   * @param gain over the best before it
   * @param isKnown whether its score was there from an earlier run
   */
  void tried(
      Trial trial, int number, long of, String verdict, Optional<Gain> gain, boolean isKnown);

  /**
   * What is to be made.
   *
   * @param id letters and digits, the same for the same bytes
   * @param recipe as YAML
   */
  record Order(String id, String recipe) {}
}
