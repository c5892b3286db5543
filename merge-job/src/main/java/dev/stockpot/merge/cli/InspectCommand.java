package dev.stockpot.merge.cli;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.checkpoint.Checkpoint;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.safetensors.CheckpointReader;
import dev.stockpot.merge.storage.Location;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists a checkpoint. */
@Command(
    name = "inspect",
    description = "Lists a checkpoint's tensors, types, shapes and sizes; reports what is wrong.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "CHECKPOINT", description = "Folder of a checkpoint.")
  private String folder;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Checkpoint checkpoint = CheckpointReader.open(Stores.all(), new Location(folder));
    PrintWriter out = spec.commandLine().getOut();
    int widest = checkpoint.tensors().keySet().stream().mapToInt(String::length).max().orElse(0);
    String row = "%-" + Math.max(6, widest) + "s  %-8s %-20s %10s  %s";
    out.println(row.formatted("Tensor", "type", "shape", "size", "file"));
    Map<DType, long[]> totals = new EnumMap<>(DType.class);
    for (TensorInfo tensor : checkpoint.tensors().values()) {
      out.println(
          row.formatted(
              tensor.name(),
              tensor.dtype(),
              tensor.shape(),
              Sizes.bytes(tensor.bytes().length()),
              tensor.shard().location().name()));
      long[] total = totals.computeIfAbsent(tensor.dtype(), any -> new long[2]);
      total[0] += tensor.shape().elements();
      total[1] += tensor.bytes().length();
    }
    out.println();
    totals.forEach(
        (dtype, total) ->
            out.println("%s: %,d elements, %s".formatted(dtype, total[0], Sizes.bytes(total[1]))));
    out.println(
        "%s in %s; no problems found in their headers"
            .formatted(
                Sizes.count(checkpoint.tensors().size(), "tensor"),
                Sizes.count(checkpoint.shards().size(), "file")));
    return 0;
  }
}
