package dev.stockpot.merge.plan;

import java.io.Serializable;

/**
 * One slice of a tensor too large for one task, to be scanned before it is merged.
 *
 * @param tensor place of the tensor in {@link MergePlan#scans()}
 * @param slice whose work is a {@link TensorWork.Merge} that wants a scan
 */
public record ScanTask(int tensor, SliceTask slice) implements Serializable {}
