package dev.stockpot.merge.align;

import dev.stockpot.kernels.methods.matching.FreeUnits;
import dev.stockpot.kernels.methods.matching.Heads;
import dev.stockpot.kernels.methods.matching.UnitShape;
import dev.stockpot.merge.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** How many units each side of each group has, as the lengths of axes tell. */
final class GroupSizes {
  private final JsonObject config;
  private final Map<Side, Long> sizes = new HashMap<>();
  private final Map<Side, String> toldBy = new HashMap<>();

  GroupSizes(JsonObject config) {
    this.config = config;
  }

  private record Side(String group, int side) {}

  /** An axis that units of one group fill. */
  void fills(GroupInstances.Meant meant, String tensor, long length) {
    set(new Side(meant.name(), meant.part().side()), length, tensor);
  }

  private void set(Side side, long length, String tensor) {
    Long before = sizes.putIfAbsent(side, length);
    if (before != null && before != length) {
      throw new IllegalArgumentException(
          "%s has %s units of %s, and %s has %s"
              .formatted(tensor, length, side.group(), toldBy.get(side), before));
    }
    toldBy.putIfAbsent(side, tensor);
  }

  /** An axis that several fill: those that nobody knows share what the others leave. */
  void fill(List<GroupInstances.Meant> all, String tensor, long length) {
    long left = length;
    long shares = 0;
    for (GroupInstances.Meant meant : all) {
      OptionalLong known = known(meant);
      left -= known.orElse(0);
      shares += known.isPresent() ? 0 : share(meant);
    }
    if (shares == 0 ? left != 0 : left <= 0 || left % shares != 0) {
      throw new IllegalArgumentException(
          "%s has %s places, which %s do not fill"
              .formatted(tensor, length, all.stream().map(GroupInstances.Meant::name).toList()));
    }
    for (GroupInstances.Meant meant : all) {
      if (known(meant).isEmpty() || shares > 0) {
        set(
            new Side(meant.name(), meant.part().side()),
            known(meant).orElse(shares == 0 ? 0 : left / shares * share(meant)),
            tensor);
      }
    }
  }

  private OptionalLong known(GroupInstances.Meant meant) {
    return size(meant.name(), meant.part().side(), meant.rule());
  }

  private long share(GroupInstances.Meant meant) {
    return meant.rule().heads().map(rule -> (long) heads(rule).ofSide(side(meant))).orElse(1L);
  }

  private static int side(GroupInstances.Meant meant) {
    return meant.part().side();
  }

  private HeadCounts heads(GroupRule.HeadRule rule) {
    return HeadCounts.of(rule, config);
  }

  /** Units of a side, also where only the side tells that is as wide for each head. */
  OptionalLong size(String group, int side, GroupRule rule) {
    Long known = sizes.get(new Side(group, side));
    if (known != null) {
      return OptionalLong.of(known);
    }
    if (rule.heads().isEmpty()) {
      return OptionalLong.empty();
    }
    int partner = side ^ 1; // query and key, value and output
    Long other = sizes.get(new Side(group, partner));
    HeadCounts heads = heads(rule.heads().get());
    return other == null
        ? OptionalLong.empty()
        : OptionalLong.of(other / heads.ofSide(partner) * heads.ofSide(side));
  }

  /**
   * The shape of a group.
   *
   * @throws IllegalArgumentException if its sides do not fit each other
   */
  UnitShape shape(String group, GroupRule rule) {
    Optional<GroupRule.HeadRule> heads = rule.heads();
    return heads.isPresent()
        ? heads(group, rule, heads.get())
        : new FreeUnits(Math.toIntExact(required(group, 0, rule)));
  }

  /**
   * The shape of a group of heads.
   *
   * @throws IllegalArgumentException if its sides do not fit each other
   */
  Heads heads(String group, GroupRule rule, GroupRule.HeadRule of) {
    HeadCounts heads = heads(of);
    for (int side = 0; side < AxisRule.SIDES.size(); side++) {
      long size = required(group, side, rule);
      if (size % heads.ofSide(side) != 0) {
        throw new IllegalArgumentException(
            "%s has %s units of %s, no multiple of %s heads"
                .formatted(group, size, AxisRule.SIDES.get(side), heads.ofSide(side)));
      }
    }
    long keyUnits = required(group, 1, rule) / heads.keys();
    long valueUnits = required(group, 2, rule) / heads.keys();
    Heads shape =
        new Heads(
            heads.keys(),
            heads.queries() / heads.keys(),
            Math.toIntExact(keyUnits),
            Math.toIntExact(valueUnits),
            of.keysMove(),
            of.headsMove());
    for (int side = 0; side < AxisRule.SIDES.size(); side++) {
      if (shape.sides().get(side) != required(group, side, rule)) {
        throw new IllegalArgumentException(
            "%s has %s units of %s, and %s of %s heads would be %s"
                .formatted(
                    group,
                    required(group, side, rule),
                    AxisRule.SIDES.get(side),
                    side < 2 ? keyUnits : valueUnits,
                    heads.ofSide(side),
                    shape.sides().get(side)));
      }
    }
    return shape;
  }

  private long required(String group, int side, GroupRule rule) {
    return size(group, side, rule)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "nothing tells how many units %s has".formatted(group)));
  }
}
