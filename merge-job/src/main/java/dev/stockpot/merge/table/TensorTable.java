package dev.stockpot.merge.table;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The tensors of some models. */
final class TensorTable implements SupportsRead {
  private final ReadOptions options;
  private final List<OpenModel> models;

  TensorTable(ReadOptions options, List<OpenModel> models) {
    this.options = options;
    this.models = List.copyOf(models);
  }

  @Override
  public String name() {
    return "safetensors " + String.join(", ", options.models());
  }

  @Override
  public org.apache.spark.sql.connector.catalog.Column[] columns() {
    return Arrays.stream(Column.schema(options.groups()).fields())
        .map(
            field ->
                org.apache.spark.sql.connector.catalog.Column.create(
                    field.name(), field.dataType(), field.nullable()))
        .toArray(org.apache.spark.sql.connector.catalog.Column[]::new);
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap any) {
    return new TensorScanBuilder(options, models);
  }
}
