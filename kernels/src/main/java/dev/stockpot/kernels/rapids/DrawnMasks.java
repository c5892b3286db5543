package dev.stockpot.kernels.rapids;

import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.random.RandomDrop;
import java.util.HashMap;
import java.util.Map;

/**
 * Where random drops keep the elements of a block. They stay for the next pass over it, as drawing
 * costs ten times what reading them does, and are closed when another block is asked for.
 */
final class DrawnMasks implements AutoCloseable {
  private final Device device;
  private final Map<RandomDrop, Column> masks = new HashMap<>();
  private Block block = new Block(0, 0, 0);

  DrawnMasks(Device device) {
    this.device = device;
  }

  /** Stays open until another block is asked for, or this is closed. */
  Column of(RandomDrop drop, Block of) {
    if (!of.equals(block)) {
      close();
      block = of;
    }
    return masks.computeIfAbsent(drop, this::drawn);
  }

  private Column drawn(RandomDrop drop) {
    try (Scratch s = new Scratch(device)) {
      return s.released(Draws.kept(s, drop, block));
    }
  }

  @Override
  public void close() {
    masks.values().forEach(Column::close);
    masks.clear();
  }
}
