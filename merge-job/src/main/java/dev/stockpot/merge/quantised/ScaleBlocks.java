package dev.stockpot.merge.quantised;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Which elements share a scale, from how many scales there are.
 *
 * @param said rows and columns of a block, where the configuration says it
 */
record ScaleBlocks(Optional<List<Long>> said) {

  /** How many elements a block has along each axis; empty if the scales fit no blocks. */
  Optional<List<Long>> of(List<Long> codes, List<Long> scales) {
    if (codes.isEmpty() || codes.contains(0L)) {
      return Optional.empty();
    }
    if (scales.stream().allMatch(length -> length == 1)) {
      return Optional.of(codes);
    }
    List<Long> each = new ArrayList<>(scales);
    if (scales.size() < codes.size()) { // a scale for each row, or for each expert
      each.addAll(Collections.nCopies(codes.size() - scales.size(), 1L));
    }
    if (each.size() != codes.size()) {
      return Optional.empty();
    }
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < codes.size(); axis++) {
      Optional<Long> size = size(codes.get(axis), each.get(axis), axis - codes.size() + 2);
      if (size.isEmpty()) {
        return Optional.empty();
      }
      sizes.add(size.get());
    }
    return Optional.of(sizes);
  }

  /**
   * Elements of a block along an axis.
   *
   * @param place 0 for rows, 1 for columns, less for what lies around
   */
  private Optional<Long> size(long length, long blocks, int place) {
    if (blocks == 1) {
      return Optional.of(length);
    }
    if (blocks == length) {
      return Optional.of(1L);
    }
    if (said.isPresent() && place >= 0) {
      long each = said.get().get(place);
      return (length + each - 1) / each == blocks ? Optional.of(each) : Optional.empty();
    }
    return blocks > 0 && length % blocks == 0 ? Optional.of(length / blocks) : Optional.empty();
  }
}
