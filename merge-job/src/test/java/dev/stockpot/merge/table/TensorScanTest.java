package dev.stockpot.merge.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.StoredObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.sources.StringStartsWith;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** What a query reads of a table, and how it is dealt out to tasks. */
class TensorScanTest {
  private static final long MIB = 1 << 20;
  private static final MemoryStore STORE = new MemoryStore();

  private static OpenModel model(String name, long... mib) {
    List<TensorRow> rows = new ArrayList<>();
    StoredObject file = new StoredObject(new Location("/" + name + "/f"), 1L << 40, "v");
    for (int i = 0; i < mib.length; i++) {
      TensorInfo tensor =
          new TensorInfo(
              "t." + i, DType.U8, Shape.of(mib[i] * MIB), file, new ByteRange(0, mib[i] * MIB));
      rows.add(new TensorRow(name, tensor, "t", i));
    }
    return new OpenModel(STORE, rows);
  }

  private static TensorScanBuilder builder(Map<String, String> more, OpenModel... models) {
    Map<String, String> options = new HashMap<>(more);
    options.put("path", "a");
    return new TensorScanBuilder(ReadOptions.of(options), List.of(models));
  }

  private static List<Integer> tasks(Scan scan) {
    Batch batch = scan.toBatch();
    return Arrays.stream(batch.planInputPartitions())
        .map(split -> ((TensorSplit) split).rows().size())
        .toList();
  }

  @Test
  void headersAloneAreOneTaskOfEachModel() {
    assertThat(tasks(builder(Map.of(), model("a", 500, 500, 500), model("b", 1)).build()))
        .containsExactly(3, 1);
  }

  @Test
  void tensorsThatAreReadAreDealtOutBy128Mib() {
    Map<String, String> statistics = Map.of("statistics", "true");

    assertThat(tasks(builder(statistics, model("a", 64, 64, 1, 127, 500, 1, 2)).build()))
        .containsExactly(2, 2, 1, 2);
  }

  @Test
  void aTaskReadsOneModelOnly() {
    Map<String, String> values = Map.of("values", "true");

    assertThat(tasks(builder(values, model("a", 1), model("b", 1, 1), model("c")).build()))
        .containsExactly(1, 2);
  }

  @Test
  void columnsThatNobodyWantsAreNotReadFor() {
    TensorScanBuilder builder = builder(Map.of("statistics", "true"), model("a", 500, 500));
    StructType all = Column.schema(List.of(Column.Group.HEADER));

    builder.pruneColumns(new StructType().add(all.apply("name")).add(all.apply("bytes")));

    assertThat(tasks(builder.build())).containsExactly(2);
    assertThat(builder.build().readSchema().fieldNames()).containsExactly("name", "bytes");
  }

  @Test
  void columnsKeepTheOrderInWhichTheyAreAsked() {
    TensorScanBuilder builder = builder(Map.of("values", "true"), model("a", 1));
    StructType all = Column.schema(List.of(Column.Group.HEADER, Column.Group.VALUES));

    builder.pruneColumns(new StructType().add(all.apply("values")).add(all.apply("name")));

    assertThat(builder.build().readSchema())
        .isEqualTo(new StructType().add(all.apply("values")).add(all.apply("name")));
  }

  @Test
  void conditionsThatHeadersDecideLeaveOutTensorsAndAllOthersAreGivenBack() {
    TensorScanBuilder builder = builder(Map.of("statistics", "true"), model("a", 1, 2, 3));
    Filter name = new StringStartsWith("name", "t.");
    Filter layer = new GreaterThan("layer", 0);
    Filter mean = new GreaterThan("mean", 0.0);

    assertThat(builder.pushFilters(new Filter[] {layer, mean, name})).containsExactly(mean);
    assertThat(builder.pushedFilters()).containsExactly(layer, name);
    assertThat(tasks(builder.build())).containsExactly(2);
  }

  @Test
  void nothingIsReadWhereNoTensorIsLeft() {
    TensorScanBuilder builder = builder(Map.of(), model("a", 1), model("b", 1));
    builder.pushFilters(new Filter[] {new EqualTo("model", "b"), new EqualTo("layer", 7)});

    assertThat(tasks(builder.build())).isEmpty();
  }

  private static TensorScan scan(Map<String, String> options, OpenModel... models) {
    return (TensorScan) builder(options, models).build();
  }

  @Test
  void sizesAreEstimatedForTheOrderOfJoins() {
    TensorScan headers = scan(Map.of(), model("a", 3, 4), model("b", 5));
    TensorScan values = scan(Map.of("values", "true"), model("a", 3, 4), model("b", 5));

    assertThat(headers.estimateStatistics().numRows()).hasValue(3);
    assertThat(headers.estimateStatistics().sizeInBytes()).hasValue(600);
    assertThat(values.estimateStatistics().numRows()).isEmpty(); // chunks
    assertThat(values.estimateStatistics().sizeInBytes()).hasValue(2 * 12 * MIB); // of 16 bits
  }

  @Test
  void onlyValuesComeInChunks() {
    Map<String, String> values = Map.of("values", "true", "chunk", "5");
    TensorReaders chunks = (TensorReaders) scan(values, model("a", 1)).createReaderFactory();
    TensorReaders whole = (TensorReaders) scan(Map.of(), model("a", 1)).createReaderFactory();

    assertThat(chunks.chunk()).isEqualTo(5);
    assertThat(whole.chunk()).isZero();
  }

  @Test
  void saysWhichColumnsMayBeNull() {
    StructType schema =
        Column.schema(List.of(Column.Group.HEADER, Column.Group.STATISTICS, Column.Group.VALUES));

    assertThat(Arrays.stream(schema.fields()).filter(field -> field.nullable()))
        .extracting(field -> field.name())
        .containsExactly(
            "stack", "layer", "mean", "std", "min", "max", "l2", "zeros", "nonfinite", "values");
  }
}
