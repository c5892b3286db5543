package dev.stockpot.kernels.rapids;

import java.util.Arrays;

/** A column of the model: elements as their bits. */
final class JavaColumn implements Column {
  private final ColumnType type;
  private final long[] bits;
  private final Memory of;
  private final boolean isWhole;
  private boolean closed;

  JavaColumn(ModelMemory memory, ColumnType type, long[] bits) {
    this(type, bits, new Memory(memory, (long) bits.length * type.bytes()), true);
  }

  private JavaColumn(ColumnType type, long[] bits, Memory of, boolean isWhole) {
    this.type = type;
    this.bits = bits;
    this.of = of;
    this.isWhole = isWhole;
    of.use();
  }

  JavaColumn viewedAs(ColumnType asType) {
    return new JavaColumn(asType, bits, of, isWhole);
  }

  JavaColumn part(int first, int rows) {
    boolean isAll = isWhole && rows == bits.length;
    return new JavaColumn(type, Arrays.copyOfRange(bits, first, first + rows), of, isAll);
  }

  /** Tables take no parts of columns, only copies. */
  long bytesForTable() {
    return isWhole ? 0 : 2L * bits.length * type.bytes();
  }

  @Override
  public ColumnType type() {
    return type;
  }

  @Override
  public int rows() {
    return bits.length;
  }

  @Override
  public void close() {
    if (closed) {
      throw new IllegalStateException("closed twice");
    }
    closed = true;
    of.leave();
  }

  /** The bits of its elements. */
  long[] bits() {
    return bits;
  }

  /** A column that is still in use. */
  static JavaColumn of(Column column) {
    JavaColumn elements = (JavaColumn) column;
    if (elements.closed) {
      throw new IllegalStateException("used after it was closed");
    }
    return elements;
  }

  /** A column's memory, which its views keep. */
  private static final class Memory {
    private final ModelMemory memory;
    private final long bytes;
    private int users;

    Memory(ModelMemory memory, long bytes) {
      this.memory = memory;
      this.bytes = bytes;
    }

    void use() {
      memory.allocate(users == 0 ? bytes : 0);
      users++;
    }

    void leave() {
      users--;
      memory.release(users == 0 ? bytes : 0);
    }
  }
}
