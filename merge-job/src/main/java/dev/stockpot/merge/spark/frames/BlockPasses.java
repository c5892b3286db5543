package dev.stockpot.merge.spark.frames;

import dev.stockpot.merge.predict.Block;
import dev.stockpot.merge.predict.Findings;
import dev.stockpot.merge.predict.Passes;
import dev.stockpot.merge.predict.RowSums;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import scala.Tuple2;

/**
 * Passes over blocks in buckets. A bucket holds the examples whose ids have one hash, in the order
 * of these; sums of buckets are added up in the order of these, groups of them in tasks, so that
 * the driver never holds more than one sum for each group.
 */
record BlockPasses(JavaRDD<Block> blocks) implements Passes {
  private static final int GROUP = 32;

  /** Sums of one bucket, or of a group of them. No record: Kryo makes none. */
  private static final class Part implements Serializable {
    private final int place;
    private final double[] sums;

    Part(int place, double[] sums) {
      this.place = place;
      this.sums = sums;
    }

    static Part sum(int place, Iterable<Part> parts, int size) {
      List<Part> sorted = new ArrayList<>();
      parts.forEach(sorted::add);
      sorted.sort(Comparator.comparingInt(part -> part.place));
      double[] sums = new double[size];
      for (Part part : sorted) {
        for (int i = 0; i < sums.length; i++) {
          sums[i] += part.sums[i];
        }
      }
      return new Part(place, sums);
    }
  }

  @Override
  public double[] over(RowSums sums) {
    JavaRDD<Part> parts =
        blocks.mapPartitionsWithIndex(
            (place, inside) -> {
              double[] own = new double[sums.size()];
              inside.forEachRemaining(block -> sums.add(block, own));
              return List.of(new Part(place, own)).iterator();
            },
            true);
    int groups = (parts.getNumPartitions() + GROUP - 1) / GROUP;
    if (groups > 1) {
      parts =
          parts
              .mapToPair(part -> new Tuple2<>(part.place / GROUP, part))
              .groupByKey(groups)
              .map(group -> Part.sum(group._1(), group._2(), sums.size()));
    }
    return Part.sum(0, parts.collect(), sums.size()).sums;
  }

  /** What was met while blocks were made. */
  Findings findings(int tables) {
    Findings all = new Findings(tables);
    blocks
        .mapPartitions(inside -> List.of(added(inside, tables)).iterator(), true)
        .collect()
        .forEach(all::add);
    return all;
  }

  private static Findings added(Iterator<Block> inside, int tables) {
    Findings all = new Findings(tables);
    inside.forEachRemaining(block -> all.add(block.findings()));
    return all;
  }
}
