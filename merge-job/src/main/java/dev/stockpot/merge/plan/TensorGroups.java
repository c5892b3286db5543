package dev.stockpot.merge.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which tensors lie in one file. */
final class TensorGroups {
  private TensorGroups() {}

  /** The tensors of each file, by the folder of the output that they lie in. */
  static Map<String, List<List<PlannedTensor>>> of(
      List<PlannedTensor> tensors, PlanSettings settings) {
    Map<String, List<PlannedTensor>> folders = new LinkedHashMap<>();
    for (PlannedTensor tensor : InputOrder.sort(tensors, PlannedTensor::work)) {
      folders
          .computeIfAbsent(settings.layout().folder(tensor.output().name()), f -> new ArrayList<>())
          .add(tensor);
    }
    Map<String, List<List<PlannedTensor>>> groups = new LinkedHashMap<>();
    folders.forEach((folder, inside) -> groups.put(folder, group(inside, settings.shardBytes())));
    return groups;
  }

  /** Tensors in order, a new file wherever the next one would not fit. */
  private static List<List<PlannedTensor>> group(List<PlannedTensor> tensors, long shardBytes) {
    List<List<PlannedTensor>> groups = new ArrayList<>();
    long bytes = 0;
    for (PlannedTensor tensor : tensors) {
      long next = tensor.output().byteCount();
      if (groups.isEmpty() || (tensor.isFirst() && bytes + next > shardBytes)) {
        groups.add(new ArrayList<>());
        bytes = 0;
      }
      groups.get(groups.size() - 1).add(tensor);
      bytes += next;
    }
    return groups;
  }
}
