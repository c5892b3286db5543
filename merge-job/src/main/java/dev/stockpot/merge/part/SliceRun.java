package dev.stockpot.merge.part;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.method.Measures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the same slice of several merges while its inputs are in memory: all chunk by chunk, or,
 * where it is held as a whole, one merge after the other.
 *
 * @param place of the slice among those of the part
 */
record SliceRun(PartTools tools, SharedSlice slice, int place, List<PartOutput> outputs) {
  SliceRun {
    outputs = List.copyOf(outputs);
  }

  void run(ReadAhead inputs) throws IOException {
    if (slice.isHeld()) {
      runHeld(inputs);
    } else if (slice.span().count() > 0) {
      runStreamed(inputs);
    }
    outputs.forEach(output -> output.endSlice(place));
  }

  private SliceMaker maker(PartOutput output) {
    return output.slice(place).work().accept(new SliceMakers(tools, slice, output));
  }

  /** What is found of a tensor is told to all merges that are made of it. */
  private Measures measures(String tensor) {
    return (name, value) -> outputs.forEach(output -> output.measures(tensor).take(name, value));
  }

  private void runHeld(ReadAhead inputs) throws IOException {
    List<Block> chunks = tools.loads().chunks(slice);
    List<List<Integer>> places = slice.inputs().places();
    try (Loaded held = inputs.next()) {
      held.assemble(tools.cpu(), this::measures);
      for (int i = 0; i < outputs.size(); i++) {
        Loaded own = held.of(places.get(i));
        try (SliceMaker maker = maker(outputs.get(i))) {
          maker.settle(own, chunks);
          for (Block chunk : chunks) {
            maker.make(chunk, own);
          }
          maker.end();
        }
      }
    }
  }

  private void runStreamed(ReadAhead inputs) throws IOException {
    List<SliceMaker> makers = new ArrayList<>();
    List<List<Integer>> places = slice.inputs().places();
    try {
      outputs.forEach(output -> makers.add(maker(output)));
      for (Block chunk : tools.loads().chunks(slice)) {
        try (Loaded loaded = inputs.next()) {
          loaded.assemble(tools.cpu(), this::measures);
          for (int i = 0; i < makers.size(); i++) {
            makers.get(i).make(chunk, loaded.of(places.get(i)));
          }
        }
      }
      makers.forEach(SliceMaker::end);
    } finally {
      makers.forEach(SliceMaker::close);
    }
  }
}
