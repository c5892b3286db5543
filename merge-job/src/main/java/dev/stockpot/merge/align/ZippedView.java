package dev.stockpot.merge.align;

import dev.stockpot.kernels.methods.matching.MatchingPrograms;
import dev.stockpot.kernels.methods.matching.Zip;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.model.Solved;
import dev.stockpot.merge.model.TensorSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tensors of one of two models whose units were joined. They are float32, rounded once when all is
 * merged.
 *
 * @param zips of each group that was joined
 * @param inputAxis along which matrices take in
 * @param model 0 for the one that was named, 1 for the one that was aligned to it
 */
record ZippedView(Map<String, Zip> zips, int inputAxis, int model) {
  /** A tensor, where it has such units; as it is elsewhere. */
  TensorSource of(TensorSource source, List<List<UnitsAlong>> axes) {
    TensorSource view = source;
    for (int axis = 0; axis < axes.size(); axis++) {
      boolean isInput = axes.size() > 1 && axis == inputAxis;
      view = along(view, axis, isInput, axes.get(axis));
    }
    return view;
  }

  private TensorSource along(
      TensorSource source, int axis, boolean isInput, List<UnitsAlong> along) {
    if (along.isEmpty() || along.stream().noneMatch(units -> zips.containsKey(units.group()))) {
      return source;
    }
    List<MatchingPrograms.Zipped> zipped = new ArrayList<>();
    List<String> terms = new ArrayList<>();
    for (UnitsAlong units : along) {
      Zip zip = zips.getOrDefault(units.group(), Zip.byPlaces(units.units()));
      zipped.add(new MatchingPrograms.Zipped(zip, units.members()));
      terms.add("%s of %s each".formatted(Sha256.of(zip.bytes()), units.members()));
    }
    DType type = source.storedType().isWritable() ? source.storedType() : DType.BF16;
    return new Solved(
        "units of " + along.get(0).group(),
        source.shape(),
        type,
        List.of(source),
        MatchingPrograms.zipped(source.shape(), axis, !isInput, model, zipped),
        "units of model %s %s along axis %s joined by %s"
            .formatted(model, isInput ? "taken in" : "put out", axis, String.join(", ", terms)));
  }
}
