package dev.stockpot.merge.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.SupportsPushDownFilters;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;

/** Leaves out tensors and columns that a query does not want. */
final class TensorScanBuilder
    implements ScanBuilder, SupportsPushDownFilters, SupportsPushDownRequiredColumns {
  private final ReadOptions options;
  private final List<OpenModel> models;
  private final List<Filter> pushed = new ArrayList<>();
  private Predicate<TensorRow> wanted = row -> true;
  private StructType columns;

  TensorScanBuilder(ReadOptions options, List<OpenModel> models) {
    this.options = options;
    this.models = models;
    this.columns = Column.schema(options.groups());
  }

  /** Takes those that headers decide, and gives back the others. */
  @Override
  public Filter[] pushFilters(Filter[] filters) {
    List<Filter> left = new ArrayList<>();
    for (Filter filter : filters) {
      if (HeaderFilter.decides(filter)) {
        pushed.add(filter);
        wanted = wanted.and(row -> HeaderFilter.passes(filter, row));
      } else {
        left.add(filter);
      }
    }
    return left.toArray(new Filter[0]);
  }

  @Override
  public Filter[] pushedFilters() {
    return pushed.toArray(new Filter[0]);
  }

  @Override
  public void pruneColumns(StructType required) {
    columns = required;
  }

  @Override
  public Scan build() {
    List<OpenModel> left =
        models.stream()
            .map(
                model ->
                    new OpenModel(model.source(), model.rows().stream().filter(wanted).toList()))
            .toList();
    List<Column> asked =
        Arrays.stream(columns.fieldNames()).map(word -> Column.named(word).orElseThrow()).toList();
    return new TensorScan(asked, options, left);
  }
}
