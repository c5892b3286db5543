package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.output.OutputLayout;
import java.util.List;

/**
 * A checkpoint that a method makes beside the merged one, in the same output.
 *
 * @param name of the side output
 * @param layout of its files
 * @param shards in order; their names begin with the folder that they lie in
 */
public record SideFolder(String name, OutputLayout layout, List<OutputShard> shards) {
  public SideFolder {
    requireNonNull(name, "name is null");
    requireNonNull(layout, "layout is null");
    shards = List.copyOf(shards);
  }
}
