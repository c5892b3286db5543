package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.recipe.ListNode;
import dev.stockpot.merge.recipe.MapNode;
import dev.stockpot.merge.recipe.Node;
import dev.stockpot.merge.recipe.ScalarNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Stacks of layers: a row of blocks, of which each has a gate, and is there from 0.5 on. Where
 * there would be too few or too many blocks, gates that are nearest to opening or closing do, so
 * every place is a valid stack.
 *
 * @param rest the recipe without its slices, whose holes are the first dimensions
 * @param blocks in the order of the output; each may be in it once
 * @param gates where a search begins, one for each block
 * @param least blocks of a stack, at least 1
 * @param most blocks of a stack
 * @param scale of each block that is there, if scales are searched
 * @param first blocks of the model that a search begins with, if the weights of all are to say
 *     where exactly; else none
 */
record LayerGenome(
    Template rest,
    List<LayerBlock> blocks,
    List<Double> gates,
    int least,
    int most,
    Optional<Scale> scale,
    List<LayerBlock> first)
    implements Genome {
  private static final double OPEN = 0.5;

  LayerGenome {
    requireNonNull(rest, "rest is null");
    requireNonNull(scale, "scale is null");
    blocks = List.copyOf(blocks);
    gates = List.copyOf(gates);
    first = List.copyOf(first);
    if (least < 1 || most < least || most > blocks.size() || gates.size() != blocks.size()) {
      throw new IllegalArgumentException(
          "%s to %s of %s blocks, %s gates".formatted(least, most, blocks.size(), gates.size()));
    }
  }

  @Override
  public Point start() {
    List<Double> start = new ArrayList<>(rest.start().values());
    start.addAll(gates);
    scale.ifPresent(given -> start.addAll(Collections.nCopies(blocks.size(), given.start())));
    return new Point(start);
  }

  /** Begins where the weights of the models say, if they are to. */
  @Override
  public Genome knowing(LayerScores scores) throws IOException {
    if (first.isEmpty()) {
      return this;
    }
    Map<String, Double> all = new HashMap<>();
    for (LayerBlock block : blocks) {
      List<Double> ofModel = scores.of(block.name(), block.stackWord());
      for (int layer = block.begin(); layer < block.end() && layer < ofModel.size(); layer++) {
        all.put(Importance.key(block, layer), ofModel.get(layer));
      }
    }
    try {
      List<LayerBlock> distinct = blocks.stream().distinct().toList();
      List<Double> known = Importance.of(distinct, all).gates(blocks, first);
      return new LayerGenome(rest, blocks, known, least, most, scale, List.of());
    } catch (Importance.UnusableException e) {
      throw new UserException(
          "`importance: weights` %s: the layers of that model are not numbers that are stored as they are. Name a file of scores, or leave `importance` out"
              .formatted(e.getMessage()),
          e);
    }
  }

  @Override
  public List<Integer> counts() {
    List<Integer> counts = new ArrayList<>(rest.counts());
    counts.addAll(Collections.nCopies(blocks.size(), 2));
    scale.ifPresent(any -> counts.addAll(Collections.nCopies(blocks.size(), 0)));
    return counts;
  }

  @Override
  public Node filled(Point point) {
    return filled(point, kept(point));
  }

  @Override
  public Node example() {
    return filled(start(), IntStream.range(0, blocks.size()).boxed().toList());
  }

  private Node filled(Point point, List<Integer> kept) {
    MapNode tree = (MapNode) rest.filled(new Point(point.values().subList(0, holes())));
    List<Node> slices = new ArrayList<>();
    if (scale.isPresent()) {
      for (int block : kept) {
        MapNode parameters = scale.get().parameters(scaleOf(point, block), tree.line());
        slices.add(blocks.get(block).slice(Optional.of(parameters)));
      }
    } else {
      joined(kept).forEach(block -> slices.add(block.slice(Optional.empty())));
    }
    List<MapNode.Entry> entries = new ArrayList<>(tree.entries());
    entries.add(new MapNode.Entry("slices", tree.line(), new ListNode(slices, tree.line())));
    return new MapNode(entries, tree.line());
  }

  private int holes() {
    return rest.holes().size();
  }

  private double scaleOf(Point point, int block) {
    return scale.orElseThrow().at(point.values().get(holes() + blocks.size() + block));
  }

  /** Blocks that are there, in their order. */
  List<Integer> kept(Point point) {
    List<Double> gate = point.values().subList(holes(), holes() + blocks.size());
    List<Integer> widestFirst =
        IntStream.range(0, blocks.size())
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> -gate.get(i)))
            .toList();
    long open = gate.stream().filter(value -> value >= OPEN).count();
    int count = (int) Math.min(most, Math.max(least, open));
    return List.copyOf(new TreeSet<>(widestFirst.subList(0, count)));
  }

  /** Blocks that follow each other in one model are one slice. */
  private List<LayerBlock> joined(List<Integer> kept) {
    List<LayerBlock> joined = new ArrayList<>();
    for (int i : kept) {
      LayerBlock block = blocks.get(i);
      int last = joined.size() - 1;
      if (last >= 0 && joined.get(last).isFollowedBy(block)) {
        joined.set(last, joined.get(last).with(block));
      } else {
        joined.add(block);
      }
    }
    return joined;
  }

  @Override
  public String described(Point point) {
    List<String> words = new ArrayList<>();
    List<Integer> kept = kept(point);
    if (scale.isPresent()) {
      kept.forEach(
          block ->
              words.add(
                  String.format(
                      Locale.ROOT, "%.3g × %s", scaleOf(point, block), blocks.get(block))));
    } else {
      joined(kept).forEach(block -> words.add(block.toString()));
    }
    String others = rest.described(new Point(point.values().subList(0, holes())));
    return String.join(" + ", words) + (others.isEmpty() ? "" : ", " + others);
  }

  @Override
  public Optional<String> problemWith(Ingredients models) {
    return rest.problemWith(models);
  }

  /**
   * A factor on tensors of blocks.
   *
   * @param filters names of tensors that it is for, parts of them
   */
  record Scale(Hole.Range range, double start, List<String> filters) {
    Scale {
      requireNonNull(range, "range is null");
      filters = List.copyOf(filters);
    }

    double at(double place) {
      return range.number(place);
    }

    MapNode parameters(double scale, int line) {
      List<Node> choices = new ArrayList<>();
      for (String filter : filters) {
        choices.add(
            new MapNode(
                List.of(
                    new MapNode.Entry("filter", line, ScalarNode.ofText(filter, line)),
                    new MapNode.Entry("value", line, ScalarNode.ofNumber(scale, line))),
                line));
      }
      choices.add(
          new MapNode(
              List.of(new MapNode.Entry("value", line, ScalarNode.ofNumber(1, line))), line));
      return new MapNode(
          List.of(new MapNode.Entry("scale", line, new ListNode(choices, line))), line);
    }
  }
}
