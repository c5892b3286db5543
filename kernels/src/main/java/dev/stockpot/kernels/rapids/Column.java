package dev.stockpot.kernels.rapids;

/** Elements in the memory of a {@link Device}. They never change; closing returns the memory. */
public interface Column extends AutoCloseable {
  ColumnType type();

  int rows();

  @Override
  void close();
}
