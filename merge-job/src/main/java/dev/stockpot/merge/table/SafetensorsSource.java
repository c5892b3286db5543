package dev.stockpot.merge.table;

import dev.stockpot.merge.run.Stockpot;
import dev.stockpot.merge.run.StoredModel;
import dev.stockpot.merge.structure.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * {@code spark.read.format("safetensors").load("s3a://models/a")}: a row for each tensor of a
 * checkpoint, or of several. Only headers are read, unless options ask for {@code statistics} or
 * {@code values}, and a query for their columns. It is read only.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public final class SafetensorsSource implements TableProvider, DataSourceRegister {
  /** Made by Spark. */
  public SafetensorsSource() {}

  @Override
  public String shortName() {
    return "safetensors";
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return Column.schema(ReadOptions.of(options).groups());
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    ReadOptions options = ReadOptions.of(new CaseInsensitiveStringMap(properties));
    List<OpenModel> models = new ArrayList<>();
    try (Stockpot stockpot = Stockpot.on(SparkSession.active())) {
      for (String name : options.models()) {
        models.add(open(StoredModel.in(stockpot, name)));
      }
    }
    return new TensorTable(options, models);
  }

  private static OpenModel open(StoredModel model) {
    List<TensorRow> rows =
        model.checkpoint().tensors().values().stream()
            .map(
                tensor -> {
                  Optional<Place> place = model.structure().place(tensor.name());
                  String prefix = place.map(at -> at.stack().prefix()).orElse("");
                  return new TensorRow(
                      model.name(),
                      tensor,
                      prefix.replaceAll("\\.$", ""),
                      place.map(Place::layer).orElse(-1));
                })
            .toList();
    return new OpenModel(model.source(), rows);
  }
}
